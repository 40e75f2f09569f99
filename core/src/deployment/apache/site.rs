//! The sites of a configuration: the server as a whole, and its virtual hosts.

use std::sync::Arc;

use super::section::Section;
use super::settings::Settings;
use super::tree;
use crate::deployment::directive::Directive;
use crate::deployment::include::{Failed, Loader};
use crate::plan::Scheme;
use crate::text::Span;

/// A configuration, as requests ask for it.
#[derive(Debug)]
pub(super) struct Model {
    /// What holds for the server as a whole.
    pub(super) main: Host,
    /// The virtual hosts; none where the server as a whole answers.
    pub(super) hosts: Vec<Host>,
}

/// The server as a whole, or a virtual host.
#[derive(Debug, Default)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) schemes: Vec<Scheme>,
    pub(super) settings: Settings,
    pub(super) sections: Vec<Arc<Section>>,
    /// The folder of pages, without a slash at its end.
    pub(super) root: Option<String>,
    pub(super) at: Span,
}

impl Model {
    pub(super) fn new(
        directives: &[Directive],
        is_folder: bool,
        loader: &mut Loader<'_>,
    ) -> Result<Self, Failed> {
        if is_folder {
            let sections = Section::of_folder("", "", directives, Span::default());
            let schemes = vec![Scheme::Http, Scheme::Https];
            let main = Host { sections, schemes, root: Some(String::new()), ..Host::default() };
            return Ok(Self { main, hosts: Vec::new() });
        }
        let mut main = Host::new(directives);
        main.folder_files(&[], loader)?;
        let is_host = |directive: &&Directive| directive.is("virtualhost");
        let mut hosts = Vec::new();
        for directive in directives.iter().filter(is_host) {
            let mut host = Host::new(directive.children());
            host.at = directive.span();
            host.folder_files(&main.sections, loader)?;
            hosts.push(host);
        }
        // A part of a configuration may be that of any site.
        let is_part = hosts.is_empty() && !directives.iter().any(|it| it.is("listen"));
        if is_part && main.schemes == [Scheme::Http] {
            main.schemes.push(Scheme::Https);
        }
        Ok(Self { main, hosts })
    }

    /// Those that answer.
    pub(super) fn answering(&self) -> &[Host] {
        if self.hosts.is_empty() { std::slice::from_ref(&self.main) } else { &self.hosts }
    }

    pub(super) fn root<'m>(&'m self, host: &'m Host) -> Option<&'m str> {
        host.root.as_deref().or(self.main.root.as_deref())
    }
}

impl Host {
    fn new(directives: &[Directive]) -> Self {
        let find = |name: &str| directives.iter().rfind(|directive| directive.is(name));
        let first = |name: &str| find(name).map(|directive| directive.argument(0));
        let is_tls = first("sslengine").is_some_and(|word| word.eq_ignore_ascii_case("on"));
        let mut name = first("servername").unwrap_or_default();
        name = name.rsplit_once("://").map_or(name, |(_, name)| name);
        name = name.split_once(':').map_or(name, |(name, _)| name);
        Self {
            name: name.to_owned(),
            schemes: vec![if is_tls { Scheme::Https } else { Scheme::Http }],
            settings: Settings::new(directives),
            sections: Section::of(directives, None),
            root: first("documentroot").map(|root| root.trim_end_matches('/').to_owned()),
            at: Span::default(),
        }
    }

    /// The `.htaccess` files in the folder of pages, and below it, count where the server lets them.
    fn folder_files(
        &mut self,
        outer: &[Arc<Section>],
        loader: &mut Loader<'_>,
    ) -> Result<(), Failed> {
        let Some(root) = self.root.clone() else { return Ok(()) };
        let said: Vec<Arc<Section>> = outer.iter().chain(&self.sections).cloned().collect();
        let lets = |it: &&Arc<Section>| it.settings.lets_folders == Some(true);
        let Some(first) = said.iter().find(lets) else { return Ok(()) };
        for (folder, base) in tree::folder_files(&root, first.at, loader) {
            let Some(below) = folder.strip_prefix(&root) else { continue };
            let rules =
                said.iter().filter_map(|it| Some((it.rank(), it.covers_folder(&folder)?, it.at)));
            let Some((_, true, at)) = rules.max_by_key(|(rank, ..)| *rank) else { continue };
            let directives = tree::read_folder_file(base, at, loader)?;
            self.sections.extend(Section::of_folder(&root, below, &directives, at));
        }
        Ok(())
    }
}
