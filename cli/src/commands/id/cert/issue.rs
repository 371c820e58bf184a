//! `auto id cert issue`.

use super::challenge::{answered, drawn};
use crate::commands::id::now;
use crate::commands::wallet::write_private;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault, internal};
use crate::session::{Place, Session};
use auto_sdk::identity::line;
use autoid_certificates::{Order, Pem, issue, read_request, request};
use autoid_core::certificate::lifetime_max;
use autoid_core::{Status, Time};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Seconds of a day.
const DAY: u64 = 86_400;
/// Seconds by which a certificate begins earlier than it is made, for clocks that are behind.
const EARLIER: u64 = 300;

/// Issue a certificate to an identity under yours, or to yourself at the top of a tree.
///
/// Names and authority follow from the identity's record, whatever the request asks for: its DID, its place in the
/// tree as a host name, and the host names that you add. Software gets a week, people and organisations 398 days.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id cert issue acme --out acme.pem
  auto id cert issue api --as acme --host api.acme.example --out api.pem
  auto id cert issue api --as acme --request api.csr --days 3 --out api.pem --json")]
pub(super) struct Issue {
    /// Whom it stands for: a name here, DID, id or alias.
    name: String,
    /// Who issues it, whose key is in the keystore [default: the identity itself].
    #[arg(long = "as", value_name = "ISSUER")]
    issuer: Option<String>,
    /// The holder's request [default: it is made here, with the holder's key].
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// Days for which it holds [default: as many as its kind may have].
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=398))]
    days: Option<u64>,
    /// A host name beside the one in the tree; may be given several times.
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// The file of the certificate; it must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(context: &Context, args: &Issue) -> Result<(), CliError> {
    if args.out.exists() {
        return Err(Fault::FileExists(args.out.clone()).into());
    }
    let mut session = Session::open(context, &args.place).await?;
    let (network, point) = (session.state.network(), session.state.point());
    let holder = session.identity(&args.name).await?;
    let by = args.issuer.as_ref().unwrap_or(&args.name);
    let issuer = session.identity(by).await?;
    let line = line(&mut session.state, &holder).await?;
    let Some((record, ancestors)) = line.split_first() else {
        return Err(autoid_core::Refusal::UnknownIdentity { id: holder }.into());
    };
    let expected = ancestors.first().unwrap_or(record).id;
    if issuer != expected {
        return Err(Fault::NotIssuer { holder: args.name.clone(), issuer: session.called(&expected) }.into());
    }
    if let Some(ended) = line.iter().find(|one| one.status != Status::Active) {
        let standing = ended.status.name();
        return Err(Fault::Usage(format!("{} is {standing}", session.called(&ended.id))).into());
    }
    let (key, challenge) = match &args.request {
        Some(file) => {
            let (key, open) = answered(context, file, (&issuer, &holder))?;
            (key, Some(open))
        }
        None => {
            let own = session.key(&args.name).await?;
            let challenge = drawn(network, issuer, holder)?;
            (read_request(&request(&challenge, &own)?, &challenge)?, None)
        }
    };
    let signer = session.key(by).await?;
    let mut serial = [0; 16];
    getrandom::fill(&mut serial).map_err(internal)?;
    let most = u64::try_from(lifetime_max(record.kind)).map_err(internal)? / DAY;
    let days = args.days.unwrap_or(most);
    let here = u64::try_from(now()?).map_err(internal)?;
    // It must begin by the clock of the chain and by that of this machine.
    let from = point.time.0.min(here).saturating_sub(EARLIER);
    if days.saturating_mul(DAY).saturating_add(from) < here {
        let clock = "the clock of the chain is so far behind that of this machine";
        context.ui.warn(&format!("{clock} ({}) that programs here will refuse the certificate", point.time));
    }
    let hosts: Vec<&str> = args.hosts.iter().map(String::as_str).collect();
    let order = Order {
        genesis: &network,
        holder: record,
        ancestors,
        key: &key,
        serial,
        from: Time(from),
        to: Time(from.saturating_add(days.saturating_mul(DAY))),
        hosts: &hosts,
    };
    let der = issue(&order, &signer)?;
    write_private(&args.out, &Pem::Certificate.encode(&der))?;
    if let Some(open) = challenge {
        std::fs::remove_file(&open).map_err(|error| file_fault("remove", &open, error))?;
    }
    let called = session.called(&holder);
    let data = json!({
        "id": holder.to_string(), "issuer": issuer.to_string(), "from": order.from.0, "to": order.to.0,
        "hash": auto_core::hash(&der).to_string(), "file": args.out,
    });
    let file = args.out.display();
    context.ui.result(
        &data,
        &format!(
            "certificate of {called} until {}, in {file}\n`auto id cert attach {called} {file}` attaches it",
            order.to
        ),
    );
    Ok(())
}
