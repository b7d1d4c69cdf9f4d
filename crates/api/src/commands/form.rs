//! Forms that are half typed.

use crate::KeptForm;

crate::command::commands! {
    /// Keeps what stands in a form for whoever is signed in, until it is recorded or given up.
    KeepForm "keep-form" -> () {
        /// Which form, of which patient or entry.
        form: String,
        /// What stands in it; nothing where it is to be forgotten.
        body: Option<String>,
    }
    /// Lists what whoever is signed in has typed and not recorded.
    ListKeptForms "list-kept-forms" -> Vec<KeptForm> {}
}
