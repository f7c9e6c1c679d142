//! Papers whose values stand behind labels: certificates, licences.

use crate::extract::View;
use crate::extract::label::{Finder, Fragment, Hit, Options, best};
use crate::pack::Lexicon;

/// A paper prepared for looking up its labels.
pub(super) struct Reader<'a> {
    finder: Finder<'a>,
    /// The paper.
    pub(super) view: &'a View<'a>,
    /// Its labels by key.
    pub(super) lexicon: &'a Lexicon,
    /// All labels: where one begins a value ends.
    pub(super) known: &'a [String],
}

impl<'a> Reader<'a> {
    pub(super) fn new(view: &'a View<'a>, lexicon: &'a Lexicon, known: &'a [String]) -> Self {
        Self { finder: Finder::new(view, known), view, lexicon, known }
    }

    /// The best place of a key's labels whose value is accepted.
    pub(super) fn hit(&self, key: &str, accept: &dyn Fn(&str) -> bool) -> Option<Hit> {
        let labels = self.lexicon.of(key);
        let options = Options { known: self.known, accept: Some(accept), ..Options::default() };
        best(self.finder.find(labels, &options), labels)
    }

    /// The value there.
    pub(super) fn text(&self, key: &str, accept: &dyn Fn(&str) -> bool) -> Option<Fragment> {
        self.hit(key, accept).map(|h| h.value)
    }
}
