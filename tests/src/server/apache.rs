//! Apache httpd.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{Kind, Location, Run, Running, ServerConfig, start};

/// Apache httpd.
#[derive(Clone, Copy, Debug)]
pub struct Apache;

/// Apache httpd, with an emitted `.htaccess` in the folder of pages.
#[derive(Clone, Copy, Debug)]
pub struct Htaccess;

impl Apache {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, apache_configuration, command)
    }
}

impl Htaccess {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        let name = ".htaccess";
        fs::copy(config.emitted.join(name), config.docroot.join(name))?;
        start(config, apache_configuration, command)
    }
}

fn command(conf: &Path, folder: &Path) -> Command {
    let script = folder.join("application.cgi");
    let written = fs::write(&script, crate::upstream::CGI)
        .and_then(|()| fs::set_permissions(&script, fs::Permissions::from_mode(0o755)));
    let mut command = Command::new(if written.is_ok() { "apache2" } else { "false" });
    command.arg("-d").arg(folder).arg("-f").arg(conf).arg("-DFOREGROUND");
    command
}

const APACHE_MODULES: &str = "mpm_event authz_core mime dir alias setenvif env headers macro rewrite ssl \
    socache_shmcb proxy proxy_http proxy_fcgi cgid";

fn apache_configuration(run: &Run<'_>) -> String {
    let Run { folder, port, tls_port, config } = run;
    let folder = folder.display();
    let modules: String = APACHE_MODULES
        .split_whitespace()
        .map(|m| format!("LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n"))
        .collect();
    let types = "AddType text/html .html\nAddType application/javascript .js\nAddType text/css .css\n\
        AddType image/svg+xml .svg\nAddType application/json .json\nAddType image/png .png\n";
    let docroot = config.docroot.display();
    let site = apache_site(run);
    format!(
        "{modules}ServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n\
         Listen 127.0.0.1:{port}\nListen 127.0.0.1:{tls_port}\nDefaultRuntimeDir {folder}\nScriptSock {folder}/cgisock\n\
         Mutex file:{folder} default\nUser www-data\nGroup www-data\nServerName localhost\n\
         StartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 16\nServerLimit 2\nMinSpareThreads 1\n\
         MaxSpareThreads 16\nTypesConfig /dev/null\n{types}DirectoryIndex index.html\n\
         <Directory {docroot}>\nRequire all granted\nAllowOverride FileInfo\nOptions +FollowSymLinks\n</Directory>\n\
         <Directory {folder}>\nRequire all granted\nOptions +ExecCGI\n</Directory>\n{}\
         <VirtualHost 127.0.0.1:{port}>\n{site}</VirtualHost>\n<VirtualHost 127.0.0.1:{tls_port}>\n\
         SSLEngine on\nSSLCertificateFile {folder}/cert.pem\nSSLCertificateKeyFile {folder}/key.pem\n\
         {site}</VirtualHost>\n",
        run.include("Include", "main.conf", "")
    )
}

fn apache_site(run: &Run<'_>) -> String {
    let config = run.config;
    let mut site = format!("ServerName localhost\nDocumentRoot {}\n", config.docroot.display());
    for (status, page) in &config.error_pages {
        site.push_str(&format!("ErrorDocument {status} {page}\n"));
    }
    for Location { path, kind, own_headers } in &config.locations {
        let ServerConfig { upstream, fastcgi, .. } = config;
        site.push_str(&match kind {
            Kind::Proxy => format!("ProxyPass {path} http://127.0.0.1:{upstream}{path}\n"),
            Kind::FastCgi => format!("ProxyPass {path} fcgi://127.0.0.1:{fastcgi}{path}\n"),
            Kind::Cgi => {
                format!("ScriptAlias {path} {}/\n", run.folder.join("application.cgi").display())
            }
            Kind::Files => String::new(),
        });
        site.push_str(&format!("<Location {path}>\n"));
        for (name, value) in own_headers {
            site.push_str(&format!("Header set {name} \"{value}\"\n"));
        }
        site.push_str("</Location>\n");
    }
    site + &run.include("Include", "server.conf", "")
}
