//! Running the tools with the key of the agent.

use super::error::McpError;
use super::tools::{Asked, Delegation, OfAgent, OfIdentity, list};
use crate::commands::agent::{act::data as answer_data, judged};
use crate::commands::audit::{Patience, audit, data as audit_data};
use crate::commands::grant::give::{drawn, said};
use crate::commands::id::show::details;
use crate::context::Context;
use crate::error::CliError;
use crate::session::{Place, Plan, Sending, Session};
use auto_core::KeyPair;
use auto_sdk::agent::{self, Answer, Permission, told};
use auto_sdk::identity::IdentityKey;
use auto_sdk::identity::grant::{store, stored};
use autoid_core::GrantId;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The tools of one agent.
#[derive(Clone)]
pub(super) struct Server(Arc<Tools>);

struct Tools {
    context: Context,
    place: Place,
    key: IdentityKey,
    payer: KeyPair,
    /// Held while something is sent: transactions of one account come one after the other.
    sending: Mutex<()>,
}

impl Server {
    pub(super) fn new(context: Context, place: Place, key: IdentityKey, payer: KeyPair) -> Self {
        Self(Arc::new(Tools { context, place, key, payer, sending: Mutex::default() }))
    }
}

impl Tools {
    async fn run(&self, asked: Asked) -> Result<Value, CliError> {
        match asked {
            Asked::Identity(asked) => self.identity(asked).await,
            Asked::Can(errand) => self.can(&errand.what).await,
            Asked::Act(errand) => self.act(&errand.what).await,
            Asked::Delegate(asked) => self.delegate(asked).await,
            Asked::Audit(asked) => self.audit(asked).await,
        }
    }

    async fn session(&self) -> Result<Session<'_>, CliError> {
        Session::open(&self.context, &self.place).await
    }

    async fn identity(&self, OfIdentity { name }: OfIdentity) -> Result<Value, CliError> {
        let mut session = self.session().await?;
        let id = match name {
            Some(name) => session.identity(&name).await?,
            None => self.key.id(),
        };
        let mut data = details(&mut session, &id).await?;
        if id == self.key.id() {
            let mut grants = Vec::new();
            for grant in session.there.holdings(&id).await? {
                let Ok(stored) = stored(&mut session.state, &grant).await else { continue };
                grants.push(
                    json!({ "grant": grant.to_string(), "allows": said(&session, stored.grant.body()) }),
                );
            }
            data["grants"] = json!(grants);
        }
        Ok(data)
    }

    async fn can(&self, what: &str) -> Result<Value, CliError> {
        let mut session = self.session().await?;
        let request = session.request(what).await?;
        let errand = request.errand(&mut session.state, Some(&self.context.keystore())).await?;
        Ok(answer_data(&judged(&mut session, self.key.id(), &errand, false).await?))
    }

    async fn act(&self, what: &str) -> Result<Value, CliError> {
        let _one_at_a_time = self.sending.lock().await;
        let mut session = self.session().await?;
        let request = session.request(what).await?;
        let errand = request.errand(&mut session.state, Some(&self.context.keystore())).await?;
        let chain = match judged(&mut session, self.key.id(), &errand, false).await? {
            Answer::Yes { chain, .. } => chain,
            Answer::No { code, reason, .. } => return Err(CliError::refused(code, reason)),
        };
        let intent = told(what);
        let data = json!({ "what": request.to_string(), "grant": chain.last().map(ToString::to_string) });
        let done = agent::act(&self.key, session.state.point(), chain, &errand, &intent)?;
        let call = done.digest.to_string();
        let mut sent = self.send(&session, vec![done.carried(Vec::new(), intent)?], data).await?;
        sent["call"] = json!(call);
        Ok(sent)
    }

    async fn delegate(&self, asked: Delegation) -> Result<Value, CliError> {
        let _one_at_a_time = self.sending.lock().await;
        let mut session = self.session().await?;
        let under: GrantId = match asked.under {
            Some(text) => {
                text.parse().map_err(|_| McpError::Arguments("`under` is no id of a grant".to_owned()))?
            }
            None => match session.there.holdings(&self.key.id()).await?.as_slice() {
                [only] => *only,
                several => return Err(McpError::WhichGrant(several.len()).into()),
            },
        };
        let can: Permission = asked.can.parse()?;
        let to = session.identity(&asked.to).await?;
        let signed = drawn(&mut session, &self.key, to, &can, Some(under)).await?;
        let data = json!({
            "grant": signed.id(&session.state.network()).to_string(), "under": under.to_string(),
            "to": to.to_string(), "allows": said(&session, signed.body()),
        });
        self.send(&session, vec![store(signed)?], data).await
    }

    async fn audit(&self, OfAgent { agent, since }: OfAgent) -> Result<Value, CliError> {
        let mut session = self.session().await?;
        let id = match agent {
            Some(name) => session.identity(&name).await?,
            None => self.key.id(),
        };
        let (_, audited, reach) = audit(&session, id, since, Patience::USUAL).await?;
        let mut data = audit_data(&audited);
        data["entries_ahead"] = json!(reach.entries_ahead);
        Ok(data)
    }

    async fn send(
        &self,
        session: &Session<'_>,
        calls: Vec<auto_core::Call>,
        data: Value,
    ) -> Result<Value, CliError> {
        let sending = Sending::unasked(self.place.clone());
        let plan = Plan { calls, effects: Vec::new(), data, grave: false };
        match session.approve(&sending, &self.payer, plan).await? {
            Some(approved) => Ok(session.send(&sending, approved).await?.1),
            None => Ok(Value::Null),
        }
    }
}

/// A failure as a model reads it: the code, the reason, and what to do.
fn failed(error: &CliError) -> CallToolResult {
    CallToolResult::structured_error(json!({
        "code": error.code, "message": error.what, "hint": error.hint,
    }))
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("auto", env!("CARGO_PKG_VERSION")))
            .with_instructions(
                "Tools of one agent on its chain. Ask `can` before `act`; what is refused stays refused, whoever asks.",
            )
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(list()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let result = match Asked::read(&request.name, request.arguments) {
            Ok(asked) => self.0.run(asked).await,
            Err(error) => Err(error.into()),
        };
        Ok(match result {
            Ok(data) => CallToolResult::structured(data),
            Err(error) => failed(&error),
        }
        .into())
    }
}
