// Excerpt of the example device's software: shows what requirements rq-tls-version and rq-peer-certificate name; not a complete program.
use openssl::error::ErrorStack;
use openssl::ssl::{SslContext, SslContextBuilder, SslMethod, SslVerifyMode, SslVersion};
use openssl::x509::store::X509Store;
use openssl::x509::verify::X509VerifyFlags;
use openssl::x509::X509StoreContextRef;

use crate::net::{Peer, Service};

/// Settings for the connections of one service with one peer. TLS 1.2 is there
/// for a peer for which the administrator has allowed it, with ECDHE and AEAD only.
/// The store holds the anchor for this peer and current revocation lists.
pub fn config(service: Service, peer: Peer, store: X509Store) -> Result<SslContextBuilder, ErrorStack> {
    let mut tls = SslContext::builder(SslMethod::tls())?;
    let lowest = if peer.tls12_allowed { SslVersion::TLS1_2 } else { SslVersion::TLS1_3 };
    tls.set_min_proto_version(Some(lowest))?;
    tls.set_ciphersuites("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256")?;
    tls.set_cipher_list("ECDHE+AESGCM:ECDHE+CHACHA20")?;

    // OpenSSL itself checks chain, dates, revocation and name.
    tls.set_cert_store(store);
    tls.verify_param_mut().set_flags(X509VerifyFlags::CRL_CHECK | X509VerifyFlags::CRL_CHECK_ALL)?;
    tls.verify_param_mut().set_host(&peer.name)?;
    let both = SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT;
    tls.set_verify_callback(both, move |sound, chain| verify_peer(sound, chain, service, &peer));
    Ok(tls)
}

/// Called for each certificate of the chain. What OpenSSL has found unsound stays
/// so; the peer's own certificate must be assigned to this service besides.
fn verify_peer(sound: bool, chain: &mut X509StoreContextRef, service: Service, peer: &Peer) -> bool {
    sound && (chain.error_depth() > 0 || peer.services.contains(&service))
}
