//! What the command line says.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use sync::ids::ClinicId;
use sync::wire::path;

use crate::front::Front;
use crate::quota::{Quota, amount};

/// Carries sealed envelopes between the devices of clinics, and can open none of them.
#[derive(Clone, Debug, Parser)]
#[command(name = "fieldchart-sync", version, about)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    /// Something else than serving.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Option<Config>,
    /// What stands before the server.
    #[command(flatten)]
    pub front: Front,
}

impl Cli {
    /// What is to be done beside serving, or how to serve. Where something else is to be done, what the
    /// environment says of serving asks for nothing.
    ///
    /// # Errors
    /// What the parser says, help and version among it.
    pub fn read(
        words: impl IntoIterator<Item: Into<OsString> + Clone>,
    ) -> Result<(Option<Task>, Option<Config>), clap::Error> {
        let matches = Self::command().try_get_matches_from(words).map_err(with_names)?;
        if matches.subcommand().is_some() {
            return Ok((Some(Task::from_arg_matches(&matches)?), None));
        }
        let Self { task, serve, front } = Self::from_arg_matches(&matches)?;
        Ok((task, serve.map(|config| Config { front, ..config })))
    }
}

/// What names a database for which command: the servers' own address is for none.
const OWNER_TIP: &str = "FIELDCHART_OWNER_URL names the database to `migrate` and `quota` as the owner of \
    its tables, and to `clinics` as a role with BYPASSRLS, as a backup's; FIELDCHART_DATABASE_URL is the \
    servers' alone";

/// Says beside what is missing how else it may be named.
fn with_names(mut error: clap::Error) -> clap::Error {
    let missing = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(names)) => names.join(" "),
        Some(_) | None => return error,
    };
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let of = |task: &str| usage.contains(&format!("fieldchart-sync {task} "));
    if missing.contains("--database-url")
        || (missing.contains("--data") && ["clinics", "quota"].into_iter().any(of))
    {
        let tip = ContextValue::StyledStrs(vec![OWNER_TIP.into()]);
        drop(error.insert(ContextKind::Suggested, tip));
    }
    error
}

/// What the program does beside serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Task {
    /// Makes or renews the tables of a PostgreSQL, as their owner, and ends.
    Migrate {
        /// The database, as its owner connects to it.
        #[arg(long, value_name = "URL", env = "FIELDCHART_OWNER_URL", hide_env_values = true)]
        database_url: String,
        /// PEM of the authority that vouches for the database; the connection then has TLS.
        #[arg(long, value_name = "FILE")]
        database_ca: Option<PathBuf>,
        /// The role the servers connect as. It is there already, and owns nothing.
        #[arg(long, value_name = "ROLE")]
        app_role: String,
    },
    /// Says what a clinic has and may have here, or decides what it may have.
    Quota(QuotaOf),
    /// Decides in which region a clinic is founded that is still to come.
    Place(PlaceOf),
    /// Lists the clinics with what they have and may have, and who has used that up.
    Clinics {
        /// Where they are.
        #[command(flatten)]
        kept: Kept,
    },
    /// Copies the data folder of a server, which may run meanwhile: its key, its log and its blobs.
    /// To put it back, start a server on the copy.
    Backup(BackupOf),
    /// Serves what the measurement of sync measures: the folder alone is named, and one line of JSON
    /// says the port.
    #[command(hide = true)]
    BenchServe {
        /// Folder of the server's key and log; beside it the devices learn its pin.
        folder: PathBuf,
        /// Where it listens.
        #[arg(default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
}

/// What one clinic may have.
#[derive(Clone, Debug, Args)]
pub struct QuotaOf {
    /// The clinic, 32 hexadecimal digits as `fieldchart-sync clinics` lists it; it may still be to
    /// come.
    #[arg(value_parser = clinic_id)]
    pub clinic: ClinicId,
    /// Where it is.
    #[command(flatten)]
    pub kept: Kept,
    /// What it may have; what is not named stays as it is.
    #[command(flatten)]
    pub limits: Limits,
    /// Lets it have what every clinic may have.
    #[arg(long, conflicts_with_all = ["quota_bytes", "quota_envelopes", "quota_devices"])]
    pub default: bool,
}

/// What is copied, and where it goes.
#[derive(Clone, Debug, Args)]
pub struct BackupOf {
    /// The data folder of the server.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Where the copy is to lie: a folder that is empty or not there yet, or an earlier copy of the
    /// same server, whose log is replaced and whose blobs are added to.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

/// A clinic and its region.
#[derive(Clone, Debug, Args)]
pub struct PlaceOf {
    /// The clinic, 32 hexadecimal digits.
    #[arg(value_parser = clinic_id)]
    pub clinic: ClinicId,
    /// The name of its region.
    #[arg(value_name = "REGION")]
    pub home: String,
    /// Every region with its database, as the owner of its tables connects to it; in the
    /// environment they are parted by semicolons.
    #[arg(long, value_name = "NAME=URL", env = "FIELDCHART_OWNER_REGIONS", hide_env_values = true)]
    #[arg(value_delimiter = ';', value_parser = region, required = true)]
    pub region: Vec<(String, String)>,
    /// PEM of the authority that vouches for the databases; the connections then have TLS.
    #[arg(long, value_name = "FILE")]
    pub database_ca: Option<PathBuf>,
}

/// Where clinics are kept.
#[derive(Clone, Debug, Args)]
pub struct Kept {
    /// The data folder of a server that keeps its log in it; it may run meanwhile.
    #[arg(long, value_name = "DIR", required_unless_present = "database_url")]
    pub data: Option<PathBuf>,
    /// The database, as the owner of its tables connects to it; to list clinics, as a role that
    /// passes row-level security by.
    #[arg(long, value_name = "URL", env = "FIELDCHART_OWNER_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// PEM of the authority that vouches for the database; the connection then has TLS.
    #[arg(long, value_name = "FILE", requires = "database_url")]
    pub database_ca: Option<PathBuf>,
}

/// What a clinic may have.
#[derive(Clone, Debug, Default, Args)]
pub struct Limits {
    /// Bytes of envelopes and keys, as 500M or 20G, or none for as much as there is room for.
    #[arg(long, value_name = "BYTES", value_parser = amount)]
    pub quota_bytes: Option<u64>,
    /// Envelopes in the log, or none.
    #[arg(long, value_name = "COUNT", value_parser = amount)]
    pub quota_envelopes: Option<u64>,
    /// Devices that are not shut out, or none.
    #[arg(long, value_name = "COUNT", value_parser = amount)]
    pub quota_devices: Option<u64>,
}

impl Limits {
    /// What is named, over what was decided before.
    pub(crate) fn over(&self, before: Quota) -> Quota {
        Quota {
            bytes_max: self.quota_bytes.unwrap_or(before.bytes_max),
            envelopes_max: self.quota_envelopes.unwrap_or(before.envelopes_max),
            devices_max: self.quota_devices.unwrap_or(before.devices_max),
        }
    }

    pub(crate) const fn names_none(&self) -> bool {
        self.quota_bytes.is_none() && self.quota_envelopes.is_none() && self.quota_devices.is_none()
    }
}

/// Reads an address with its port; what is none is told with the form that would do.
fn listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port: u16 = port.parse().ok().filter(|_| !host.contains(':')).unwrap_or(7443);
    Err(format!(
        "it needs an address in numbers and a port: 0.0.0.0:{port} to be reached from the whole \
         network, 127.0.0.1:{port} from this computer alone"
    ))
}

/// Reads a region: its name, and where its database is.
pub(crate) fn region(text: &str) -> Result<(String, String), String> {
    let (name, url) = text.split_once('=').ok_or("a region is NAME=URL")?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > path::REGION_BYTES_MAX || !name.chars().all(is_plain) {
        return Err("a region's name is of small letters, digits and hyphens".to_owned());
    }
    Ok((name.to_owned(), url.to_owned()))
}

/// Reads 32 hexadecimal digits, with hyphens or without.
fn clinic_id(text: &str) -> Result<ClinicId, String> {
    let digits = text.replace('-', "");
    let number = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32);
    let number = number.ok_or("a clinic is 32 hexadecimal digits")?;
    Ok(ClinicId(number.to_be_bytes()))
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Folder of the server's key and log; made at the first start.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address to listen at. 127.0.0.1 is reached from this computer alone, 0.0.0.0 from the whole
    /// network; port 0 takes a free one, another at each start.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7443", value_parser = listen)]
    pub listen: SocketAddr,
    /// What stands before it; the command line says it beside this.
    #[arg(skip)]
    pub front: Front,
    /// Keeps the log in memory only: it is gone when the server stops. For trials.
    #[arg(long)]
    pub memory: bool,
    /// Keeps the log in this PostgreSQL, which several servers may share, as
    /// postgresql://USER@HOST/NAME; `migrate` makes its tables.
    #[arg(long, value_name = "URL", env = "FIELDCHART_DATABASE_URL", hide_env_values = true)]
    #[arg(conflicts_with = "memory", group = "database")]
    pub database_url: Option<String>,
    /// Keeps each clinic in the PostgreSQL of its region, once for each region; in the environment
    /// they are parted by semicolons.
    #[arg(long, value_name = "NAME=URL", env = "FIELDCHART_REGIONS", hide_env_values = true)]
    #[arg(value_delimiter = ';', value_parser = region, requires = "default_region")]
    #[arg(conflicts_with_all = ["memory", "database_url"], group = "database")]
    pub region: Vec<(String, String)>,
    /// Does without a region that was named before: its clinics would be founded anew elsewhere.
    #[arg(long, value_name = "NAME", requires = "region")]
    pub without_region: Vec<String>,
    /// The region of clinics that nobody placed with `place`.
    #[arg(long, value_name = "NAME", requires = "region", env = "FIELDCHART_DEFAULT_REGION")]
    pub default_region: Option<String>,
    /// Keeps blobs in this store, as s3://BUCKET/FOLDER, with AWS_ACCESS_KEY_ID, AWS_ENDPOINT and
    /// so on in the environment; without it they are in the data folder, and servers that share a
    /// database take none. With regions, as NAME=URL, once for each that takes blobs; in the
    /// environment they are parted by semicolons, and EU_1_AWS_ENDPOINT is that of eu-1 alone.
    #[arg(long, value_name = "[NAME=]URL", env = "FIELDCHART_BLOBS", value_delimiter = ';')]
    pub blobs: Vec<String>,
    /// PEM of the authority that vouches for the database; the connection then has TLS.
    #[arg(long, value_name = "FILE", requires = "database")]
    pub database_ca: Option<PathBuf>,
    /// Takes no clinics that are not here yet.
    #[arg(long)]
    pub no_new_clinics: bool,
    /// Bytes that every clinic may have for which `quota` did not decide, as 500M or 20G.
    #[arg(long, value_name = "BYTES", value_parser = amount)]
    pub quota_bytes: Option<u64>,
    /// Envelopes in the log that every clinic may have.
    #[arg(long, value_name = "COUNT", value_parser = amount)]
    pub quota_envelopes: Option<u64>,
    /// Devices that are not shut out that every clinic may have.
    #[arg(long, value_name = "COUNT", value_parser = amount)]
    pub quota_devices: Option<u64>,
    /// How log lines are written, to standard error.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

impl Config {
    /// What every clinic may have by default.
    pub(crate) fn quota(&self) -> Quota {
        let Self { quota_bytes, quota_envelopes, quota_devices, .. } = *self;
        Limits { quota_bytes, quota_envelopes, quota_devices }.over(Quota::NONE)
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object a line for collectors.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinic_is_named_as_it_is_listed_or_as_an_id_is_written() {
        let clinic = ClinicId([0xab; 16]);
        assert_eq!(clinic_id(&clinic.to_string()), Ok(clinic));
        assert_eq!(clinic_id("abababab-abab-abab-abab-abababababab"), Ok(clinic));
        for odd in ["", "ab", &"zz".repeat(16), &"ab".repeat(17)] {
            assert!(clinic_id(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_wrong_address_is_told_with_the_right_form() {
        for (text, port) in [
            ("7443", "7443"),
            ("8000", "8000"),
            (":8000", "8000"),
            ("localhost:8000", "8000"),
            ("192.168.1.5", "7443"),
            ("nowhere", "7443"),
            ("::1", "7443"),
        ] {
            let told = listen(text).unwrap_err();
            assert!(told.contains(&format!("0.0.0.0:{port} to be")), "{text}: {told}");
        }
        assert_eq!(listen("[::1]:80"), Ok("[::1]:80".parse().unwrap()));
    }

    #[test]
    fn a_region_is_a_name_and_an_address() {
        let read = region("eu-1=host=/run user=x dbname=y").unwrap();
        assert_eq!(read, ("eu-1".to_owned(), "host=/run user=x dbname=y".to_owned()));
        for odd in ["", "eu", "=x", "EU=x", "e u=x", &format!("{}=x", "e".repeat(33))] {
            assert!(region(odd).is_err(), "{odd}");
        }
    }

    /// Computers keep the address they were told: a restart must find the server where it was.
    #[test]
    fn it_listens_at_the_same_place_after_a_restart() {
        let (_, config) = Cli::read(["fieldchart-sync", "--data", "d"]).unwrap();
        assert_eq!(config.unwrap().listen, "127.0.0.1:7443".parse().unwrap());
    }

    /// Reads a line of the command; what it says of one that it does not take.
    fn refused(line: &str) -> String {
        let words = ["fieldchart-sync"].into_iter().chain(line.split(' '));
        Cli::read(words).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn an_authority_without_a_database_vouches_for_nothing() {
        let check = |line: &str, missing: &str| {
            let told = refused(line);
            assert!(
                told.contains(missing) && told.is_empty() == missing.is_empty(),
                "{line}: {told}"
            );
        };
        check("--data d --database-ca ca.pem", "--database-url <URL>");
        check("--data d --database-ca ca.pem --database-url u", "");
        check("--data d --database-ca ca.pem --region eu=u --default-region eu", "");
        check("clinics --data d --database-ca ca.pem", "--database-url <URL>");
        check("clinics --database-url u --database-ca ca.pem", "");
    }

    #[test]
    fn what_is_missing_is_told_with_the_variable_that_names_it() {
        let check = |line: &str, names: bool| {
            let told = refused(line);
            assert!(!told.is_empty(), "{line} was taken");
            assert_eq!(told.contains("FIELDCHART_OWNER_URL names"), names, "{line}: {told}");
        };
        check("clinics", true);
        check(&format!("quota {}", "ab".repeat(16)), true);
        check("migrate --app-role r", true);
        check("--no-new-clinics", false);
        check("backup --data d", false);
        check("backup --to d", false);
    }

    #[test]
    fn what_stands_before_it_is_said_beside_how_to_serve() {
        let line = ["fieldchart-sync", "--data", "d", "--behind-proxy", "unix:/run/x"];
        let (task, config) = Cli::read(line).unwrap();
        assert!(task.is_none());
        assert_eq!(config.unwrap().front.behind_proxy, Some("unix:/run/x".parse().unwrap()));
    }
}
