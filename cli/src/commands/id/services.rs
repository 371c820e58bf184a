//! `auto id services`: where an identity can be reached.

use super::order::own;
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Place, Sending, Session};
use crate::ui::table;
use autoid_core::limits::SERVICES_MAX;
use autoid_core::{Action, AutoId, Operation, Service, Sign};
use clap::{Args, Subcommand};
use serde_json::json;

/// Where an identity can be reached: the services of its DID document.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id services add acme chat A2A https://acme.example/a2a
  auto id services list acme
  auto id services remove acme chat")]
pub(super) struct Services {
    #[command(subcommand)]
    action: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the services of an identity.
    #[command(after_help = "Examples:\n  auto id services list acme\n  auto id services list acme --json")]
    List {
        /// The identity: its name here, DID, id or alias.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Add a service, or change the one of this name.
    #[command(
        after_help = "Examples:\n  auto id services add acme chat A2A https://acme.example/a2a\n  auto id services add acme tools MCP https://acme.example/mcp --json"
    )]
    Add {
        /// The identity, whose key is in the keystore.
        name: String,
        #[command(flatten)]
        service: Written,
        #[command(flatten)]
        sending: Sending,
    },
    /// Take a service off.
    #[command(
        after_help = "Examples:\n  auto id services remove acme chat\n  auto id services remove acme chat --json"
    )]
    Remove {
        /// The identity, whose key is in the keystore.
        name: String,
        /// The service.
        service: String,
        #[command(flatten)]
        sending: Sending,
    },
    /// Replace all services at once; without any, take all off.
    #[command(
        after_help = "Examples:\n  auto id services set acme --service chat A2A https://acme.example/a2a --service web LinkedDomains https://acme.example\n  auto id services set acme --json"
    )]
    Set {
        /// The identity, whose key is in the keystore.
        name: String,
        /// A service: its name, type and address; may be given several times.
        #[arg(long = "service", num_args = 3, value_names = ["SERVICE", "TYPE", "URL"])]
        services: Vec<String>,
        #[command(flatten)]
        sending: Sending,
    },
}

/// A service as it is typed.
#[derive(Debug, Args)]
struct Written {
    /// What it is called in the document: lower-case letters, digits and hyphens.
    service: String,
    /// Its type, such as A2A, MCP or LinkedDomains.
    #[arg(value_name = "TYPE")]
    kind: String,
    /// Its address, such as `https://acme.example/a2a`.
    #[arg(value_name = "URL")]
    endpoint: String,
}

pub(super) async fn run(context: &Context, args: &Services) -> Result<(), CliError> {
    let (name, sending, services) = match &args.action {
        Verb::List { name, place } => return list(context, name, place).await,
        Verb::Add { name, service, sending } => {
            let mut services = present(context, name, &sending.place).await?;
            services.retain(|one| one.name != service.service);
            let Written { service, kind, endpoint } = service;
            services.push(Service { name: service.clone(), kind: kind.clone(), endpoint: endpoint.clone() });
            (name, sending, services)
        }
        Verb::Remove { name, service, sending } => {
            let mut services = present(context, name, &sending.place).await?;
            let before = services.len();
            services.retain(|one| one.name != *service);
            if services.len() == before {
                return Err(Fault::NotFound { what: "service", key: format!("{service} of {name}") }.into());
            }
            (name, sending, services)
        }
        Verb::Set { name, services, sending } => {
            let (typed, _) = services.as_chunks::<3>();
            let service = |[name, kind, endpoint]: &[String; 3]| Service {
                name: name.clone(),
                kind: kind.clone(),
                endpoint: endpoint.clone(),
            };
            (name, sending, typed.iter().map(service).collect())
        }
    };
    own(context, (name, sending), Action::SetServices { services: sorted(services)? }, false).await
}

/// Services in the order that the chain keeps them in.
fn sorted(mut services: Vec<Service>) -> Result<Vec<Service>, CliError> {
    services.sort();
    if let Some(twice) = services.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(Fault::Usage(format!("the service {} is named twice", twice[0].name)).into());
    }
    if let Some(wrong) = services.iter().find(|one| !is_sound(one)) {
        let Service { name, kind, endpoint } = wrong;
        let rule = "name and type are letters, digits and hyphens (no capitals in the name), of at most 32; the \
                    address is a URL like https://acme.example/a2a, of at most 256";
        return Err(Fault::Usage(format!("`{name} {kind} {endpoint}` is no service: {rule}")).into());
    }
    if services.len() > SERVICES_MAX {
        return Err(Fault::Usage(format!("an identity has at most {SERVICES_MAX} services")).into());
    }
    Ok(services)
}

/// Whether the chain would take a service.
fn is_sound(service: &Service) -> bool {
    let action = Action::SetServices { services: vec![service.clone()] };
    Sign::new(Operation { id: AutoId([0; 32]), seq: 0, valid_until: 0, action }).is_ok()
}

/// The services that an identity here has.
async fn present(context: &Context, name: &str, place: &Place) -> Result<Vec<Service>, CliError> {
    let id = context.keystore().read_identity(name)?.name.id;
    Ok(Session::open(context, place).await?.record(&id).await?.services)
}

async fn list(context: &Context, name: &str, place: &Place) -> Result<(), CliError> {
    let mut session = Session::open(context, place).await?;
    let id = session.identity(name).await?;
    let services = session.record(&id).await?.services;
    let data: Vec<_> = services
        .iter()
        .map(|one| json!({ "name": one.name, "type": one.kind, "endpoint": one.endpoint }))
        .collect();
    let rows: Vec<_> =
        services.iter().map(|one| vec![one.name.clone(), one.kind.clone(), one.endpoint.clone()]).collect();
    let text = if rows.is_empty() {
        format!("{} lists no services", session.called(&id))
    } else {
        table(&["service", "type", "address"], &rows)
    };
    context.ui.result(&data, &text);
    Ok(())
}
