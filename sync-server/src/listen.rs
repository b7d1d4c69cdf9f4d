//! Where the server listens, as the command line asks.

#[cfg(unix)]
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

use crate::accept::Entrance;
use crate::config::Config;
use crate::front::Place;
use crate::server::ServeError;

/// A way in, and where it is.
pub(crate) struct Listened {
    pub(crate) entrance: Entrance,
    pub(crate) place: Place,
}

/// Listens at the address for everybody, with TLS, or at that for the proxy, without.
///
/// # Errors
/// [`ServeError::Listen`], [`ServeError::ListenAtPath`].
pub(crate) async fn listen(
    config: &Config,
    tls: Arc<ServerConfig>,
) -> Result<Listened, ServeError> {
    let address = match &config.front.behind_proxy {
        #[cfg(unix)]
        Some(Place::Unix(path)) => return at_path(path).await,
        Some(Place::Tcp(address)) => *address,
        _ => config.listen,
    };
    let failed = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let place = Place::Tcp(listener.local_addr().map_err(failed)?);
    let entrance = if config.front.behind_proxy.is_some() {
        Entrance::Proxy(listener)
    } else {
        Entrance::Tls { listener, tls, balancers: config.front.balancer.clone() }
    };
    Ok(Listened { entrance, place })
}

/// A socket for its owner and its group: the proxy's user belongs to it.
#[cfg(unix)]
async fn at_path(path: &Path) -> Result<Listened, ServeError> {
    use std::fs;
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};

    let failed = |source| ServeError::ListenAtPath { path: path.to_owned(), source };
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    // One that a server left which was killed: nobody answers at it.
    if is_socket && tokio::net::UnixStream::connect(path).await.is_err() {
        fs::remove_file(path).map_err(failed)?;
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o660)).map_err(failed)?;
    Ok(Listened { entrance: Entrance::ProxyAtPath(listener), place: Place::Unix(path.to_owned()) })
}
