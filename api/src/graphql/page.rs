//! Pages of connections: keyset only, either forward or backward.

use super::{Limits, fail};
use crate::ApiError;
use crate::cursor::Cursor;
use async_graphql::{Context, Result};

/// A page that was asked for, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// So many rows after a cursor, or from the start.
    Forward(usize, Option<Cursor>),
    /// So many rows before a cursor, or up to the end.
    Backward(usize, Option<Cursor>),
}

/// The four arguments of a connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageArgs {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl PageArgs {
    pub(crate) fn check(&self, ctx: &Context<'_>) -> Result<Page> {
        let limits = ctx.data::<Limits>()?;
        self.checked(limits).map_err(fail)
    }

    fn checked(&self, limits: &Limits) -> Result<Page, ApiError> {
        let bad = |text: &str| Err(ApiError::BadPage(text.to_owned()));
        let backward = self.last.is_some() || self.before.is_some();
        if backward && (self.first.is_some() || self.after.is_some()) {
            return bad("give either `first` with `after`, or `last` with `before`, not both");
        }
        let rows = match self.first.or(self.last) {
            None => limits.page_default,
            Some(rows) => match usize::try_from(rows) {
                Ok(rows) if (1..=limits.page_max).contains(&rows) => rows,
                _ => {
                    let text = format!("a page has 1 to {} rows, not {rows}", limits.page_max);
                    return Err(ApiError::BadPage(text));
                }
            },
        };
        let cursor = self.after.as_deref().or(self.before.as_deref()).map(Cursor::parse).transpose()?;
        Ok(if backward { Page::Backward(rows, cursor) } else { Page::Forward(rows, cursor) })
    }
}

/// The rows of a page among rows numbered from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// First row.
    pub(crate) start: u64,
    /// Row after the last.
    pub(crate) end: u64,
    /// Whether rows come before.
    pub(crate) previous: bool,
    /// Whether rows come after.
    pub(crate) next: bool,
}

/// Cuts a page out of `length` rows; `row_of` finds the row of a cursor, or none when it is another's.
pub(crate) fn window(
    page: Page,
    length: u64,
    row_of: impl Fn(Cursor) -> Option<u64>,
) -> Result<Window, ApiError> {
    let row = |cursor: Cursor| row_of(cursor).ok_or_else(|| ApiError::Cursor(cursor.text()));
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let (start, end) = match page {
        Page::Forward(rows, cursor) => {
            let start = cursor.map(row).transpose()?.map_or(0, |row| row.saturating_add(1)).min(length);
            (start, start.saturating_add(count(rows)).min(length))
        }
        Page::Backward(rows, cursor) => {
            let end = cursor.map(row).transpose()?.unwrap_or(length).min(length);
            (end.saturating_sub(count(rows)), end)
        }
    };
    Ok(Window { start, end, previous: start > 0, next: end < length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(first: Option<i32>, last: Option<i32>) -> PageArgs {
        PageArgs { first, last, ..PageArgs::default() }
    }

    fn height(cursor: Cursor) -> Option<u64> {
        match cursor {
            Cursor::Height(height) => Some(height),
            _ => None,
        }
    }

    #[test]
    fn contradicting_or_outlying_sizes_are_refused() {
        let limits = Limits::default();
        for wrong in
            [args(Some(1), Some(1)), args(Some(0), None), args(Some(-1), None), args(None, Some(101))]
        {
            assert!(matches!(wrong.checked(&limits), Err(ApiError::BadPage(_))), "{wrong:?}");
        }
        assert_eq!(args(None, None).checked(&limits).expect("default"), Page::Forward(20, None));
        assert_eq!(args(None, Some(100)).checked(&limits).expect("most"), Page::Backward(100, None));
    }

    #[test]
    fn windows_cover_every_row_once() {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let window = window(Page::Forward(3, cursor), 10, height).expect("own cursors");
            seen.extend(window.start..window.end);
            assert_eq!(window.previous, cursor.is_some());
            if !window.next {
                break;
            }
            cursor = Some(Cursor::Height(window.end - 1));
        }
        assert_eq!(seen, (0..10).collect::<Vec<u64>>());
        let last = window(Page::Backward(4, None), 10, height).expect("no cursor");
        assert_eq!(last, Window { start: 6, end: 10, previous: true, next: false });
        let foreign = window(Page::Forward(3, Some(Cursor::Segment(1))), 10, height);
        assert!(matches!(foreign, Err(ApiError::Cursor(_))));
    }
}
