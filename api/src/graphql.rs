//! The GraphQL schema: its types, its limits, and how failures look in it.

mod account;
mod acts;
mod agent;
mod block;
mod content;
mod cost;
mod domain;
mod extension;
mod farm;
mod find;
mod follow;
mod global;
mod grant;
mod identifier;
mod identity;
mod mutation;
mod object;
mod operator;
mod page;
mod params;
mod pin;
mod position;
mod query;
mod receipt;
mod scalar;
mod segment;
mod status;
mod submission;
mod subscription;
mod transaction;
mod watch;

pub use cost::Limits;
pub(crate) use extension::failed;
pub(crate) use grant::{next_window, windowed};

use crate::finder::Finder;
use crate::{ApiError, Backend};
use async_graphql::{ErrorExtensions, Schema};
use auto_core::ErrorCode;
use mutation::Mutation;
use query::Query;
use std::sync::Arc;
use subscription::{Subscribers, Subscription};

/// The executable schema of the API.
pub type ApiSchema = Schema<Query, Mutation, Subscription>;

/// The backend as resolvers hold it.
pub(crate) type Node = Arc<dyn Backend>;

/// Builds the schema over a node and what finds things in its chains.
#[must_use]
pub fn schema(node: Arc<dyn Backend>, limits: Limits, finder: Finder) -> ApiSchema {
    Schema::build(Query::default(), Mutation, Subscription)
        .register_output_type::<global::NodeInterface>()
        .data(node)
        .data(limits)
        .data(finder)
        .data(Subscribers::new(limits.subscriptions))
        .extension(extension::Guard { limits })
        .limit_complexity(limits.complexity)
        .limit_recursive_depth(32)
        .limit_directives(4)
        .finish()
}

/// The schema in GraphQL's own language, as committed in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new().sorted_fields().sorted_enum_items();
    Schema::build(Query::default(), Mutation, Subscription)
        .register_output_type::<global::NodeInterface>()
        .finish()
        .sdl_with_options(options)
}

impl ErrorExtensions for ApiError {
    fn extend(&self) -> async_graphql::Error {
        let error = async_graphql::Error::new(self.public_message());
        error.extend_with(|_, values| {
            values.set("code", self.code());
            values.set("kind", self.kind());
            values.set("retryable", self.retryable());
            values.set("docs", self.docs());
            match self {
                Self::HeightUnavailable { oldest, newest, .. } => {
                    let range = [("from", oldest), ("to", newest)]
                        .map(|(name, height)| (async_graphql::Name::new(name), height.to_string().into()));
                    values.set("available", async_graphql::Value::Object(range.into_iter().collect()));
                }
                Self::SlowConsumer { resume: Some(cursor) } => values.set("resume", cursor.as_str()),
                _ => {}
            }
        })
    }
}

/// A failure as a resolver returns it.
pub(crate) fn fail(error: impl Into<ApiError>) -> async_graphql::Error {
    error.into().extend()
}
