//! `auto mcp`: an agent's identity as tools for a language model.

mod error;
mod server;
mod tools;

pub(crate) use error::ERRORS;

use crate::context::Context;
use crate::error::{CliError, internal};
use crate::session::{Place, Session};
use clap::{Args, Subcommand};
use error::McpError;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::{RoleServer, ServiceExt};
use server::Server;

/// Most bytes of a message.
const MESSAGE_BYTES_MAX: usize = 64 << 10;

/// Give a language model the tools of one agent, over the model context protocol.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto mcp serve --as trader --from alice --password-file pw.txt")]
pub(crate) struct Mcp {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serve the tools identity, can, act, delegate and audit on standard input and output.
    ///
    /// Everything is signed with the key of one agent, so what its grants do not allow is refused, with the code of
    /// the rule: a model that is talked into more gets no further than the agent may go. No tool shows a secret.
    #[command(
        after_help = "Examples:\n  auto mcp serve --as trader --from alice --password-file pw.txt\n  AUTO_PASSWORD=... auto mcp serve --as trader --from alice"
    )]
    Serve {
        /// The agent, whose key is in the keystore.
        #[arg(long = "as", value_name = "NAME")]
        agent: String,
        /// The account that pays the fees.
        #[arg(long, value_name = "NAME")]
        from: String,
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) async fn run(context: &Context, args: Mcp) -> Result<(), CliError> {
    let Action::Serve { agent, from, place } = args.action;
    if !context.has_password() {
        return Err(McpError::NoPassword.into());
    }
    let mut session = Session::open(context, &place).await?;
    let key = session.key(&agent).await?;
    let payer = context.signer(&from, session.is_dev)?;
    context.ui.note(&format!("serving the tools of {agent} ({})", session.called(&key.id())));
    let server = Server::new(context.silent(), place, key, payer);
    let (read, write) = rmcp::transport::stdio();
    serve(server, AsyncRwTransport::<RoleServer, _, _>::new(read, write)).await
}

/// Serves until the other side hangs up.
async fn serve<R, W>(server: Server, transport: AsyncRwTransport<RoleServer, R, W>) -> Result<(), CliError>
where
    R: tokio::io::AsyncRead + Send + Unpin + 'static,
    W: tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    let running = server.serve(transport.with_max_line_length(MESSAGE_BYTES_MAX)).await.map_err(internal)?;
    running.waiting().await.map_err(internal)?;
    Ok(())
}

#[cfg(test)]
mod tests;
