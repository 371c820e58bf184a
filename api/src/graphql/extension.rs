//! What happens around every request: limits before validation, one code per failure, the height read.

use super::cost::{self, Limits};
use super::pin::RequestPin;
use crate::ApiError;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest,
    NextValidation,
};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    ErrorExtensions, Request, Response, ServerError, ServerResult, ValidationResult, Value, Variables,
};
use std::sync::Arc;

/// Makes the guard of each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    pub(crate) limits: Limits,
}

impl ExtensionFactory for Guard {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(*self)
    }
}

/// A failure as a server error without a place.
pub(crate) fn failed(error: &ApiError) -> ServerError {
    error.extend().into_server_error(async_graphql::Pos::default())
}

/// Gives an error of the executor itself the code of `as_ours`; errors with a code keep it.
pub(crate) fn retell(error: ServerError, as_ours: impl FnOnce(String) -> ApiError) -> ServerError {
    if error.extensions.as_ref().is_some_and(|values| values.get("code").is_some()) {
        return error;
    }
    let ours = failed(&as_ours(error.message.clone()));
    ServerError { extensions: ours.extensions, message: ours.message, ..error }
}

#[async_trait::async_trait]
impl Extension for Guard {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        next.run(ctx, request.data(RequestPin::default())).await
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if query.len() > self.limits.query_bytes {
            return Err(failed(&ApiError::TooLong { what: "the query", limit: self.limits.query_bytes }));
        }
        // Measured before the executor walks the document, which takes time exponential in nested fragments.
        if let Ok(document) = async_graphql::parser::parse_query(query) {
            cost::check(&document, &self.limits).map_err(|error| failed(&error))?;
        }
        next.run(ctx, query, variables).await.map_err(|error| retell(error, ApiError::Syntax))
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let limit = self.limits.complexity;
        let ours = |message: String| match message.as_str() {
            "Query is too complex." => ApiError::TooComplex { limit },
            _ => ApiError::Invalid(message),
        };
        let retold = |errors: Vec<ServerError>| errors.into_iter().map(|error| retell(error, ours)).collect();
        next.run(ctx).await.map_err(retold)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        let errors = std::mem::take(&mut response.errors);
        response.errors = errors.into_iter().map(|error| retell(error, ApiError::BadValue)).collect();
        let pinned = ctx.data::<RequestPin>().ok().and_then(RequestPin::block);
        match pinned {
            Some(block) => {
                let at = [("height", block.number.to_string()), ("hash", block.hash.to_string())]
                    .map(|(name, text)| (async_graphql::Name::new(name), Value::String(text)));
                response.extension("at", Value::Object(at.into_iter().collect()))
            }
            None => response,
        }
    }
}
