//! A stock TLS stack takes the certificates for both sides of a connection.

use crate::tree::{DAY, Line, NOW, ed25519, line, order, p256};
use autoid_certificates::{Order, issue};
use autoid_core::IdentityRecord;
use autoid_core::certificate::dns_name;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

/// A clock that stands still.
#[derive(Debug)]
struct Still;

impl TimeProvider for Still {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(NOW + DAY)))
    }
}

/// PKCS#8 of an Ed25519 key (RFC 8410).
fn ed25519_pkcs8(seed: u8) -> PrivateKeyDer<'static> {
    let mut der =
        vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    der.extend_from_slice(&ed25519(seed).to_bytes());
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der))
}

fn roots(line: &Line) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(line.person_der.clone())).expect("a certificate");
    Arc::new(roots)
}

fn chain(line: &Line, leaf: Vec<u8>) -> Vec<CertificateDer<'static>> {
    vec![CertificateDer::from(leaf), CertificateDer::from(line.org_der.clone())]
}

/// The hierarchical name of an agent of the line.
fn name(line: &Line, agent: &IdentityRecord) -> String {
    dns_name(&agent.id, &[line.org.id, line.person.id])
}

/// Moves bytes between two ends until both rest, and tells what went wrong.
fn shake(client: &mut ClientConnection, server: &mut ServerConnection) -> Result<(), rustls::Error> {
    for _ in 0..10 {
        let mut wire = Vec::new();
        client.write_tls(&mut wire).expect("into memory");
        server.read_tls(&mut wire.as_slice()).expect("from memory");
        server.process_new_packets()?;
        let mut wire = Vec::new();
        server.write_tls(&mut wire).expect("into memory");
        client.read_tls(&mut wire.as_slice()).expect("from memory");
        client.process_new_packets()?;
    }
    Ok(())
}

/// Connects two agents of the line, each of which shows its certificate.
fn connect(
    line: &Line,
    client_leaf: Vec<u8>,
    server_leaf: Vec<u8>,
    to: &str,
) -> Result<String, rustls::Error> {
    let (provider, clock) = (Arc::new(default_provider()), Arc::new(Still));
    let verifier = WebPkiClientVerifier::builder_with_provider(roots(line), Arc::clone(&provider));
    let server = ServerConfig::builder_with_details(Arc::clone(&provider), clock.clone())
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier.build().expect("roots"))
        .with_single_cert(chain(line, server_leaf), ed25519_pkcs8(4))?;
    let client = ClientConfig::builder_with_details(provider, clock)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(line))
        .with_client_auth_cert(chain(line, client_leaf), ed25519_pkcs8(3))?;
    let to = ServerName::try_from(to.to_owned()).expect("a host name");
    let mut client = ClientConnection::new(Arc::new(client), to)?;
    let mut server = ServerConnection::new(Arc::new(server))?;
    shake(&mut client, &mut server)?;
    assert!(!client.is_handshaking() && !server.is_handshaking());
    assert_eq!(server.peer_certificates().map(<[_]>::len), Some(2), "the client showed its chain");
    client.writer().write_all(b"pay 5").expect("into memory");
    shake(&mut client, &mut server)?;
    let mut said = [0; 5];
    server.reader().read_exact(&mut said).expect("from memory");
    Ok(String::from_utf8(said.to_vec()).expect("text"))
}

/// Another agent of the same organisation.
fn server_agent(line: &Line) -> IdentityRecord {
    let mut server = line.agent.clone();
    server.id.0 = [4; 32];
    server.keys.keys[0].key = autoid_core::Signer::public_key(&ed25519(4));
    server
}

#[test]
fn two_agents_of_one_tree_talk_over_mutual_tls() {
    let line = line();
    let (above, server) = (line.above(), server_agent(&line));
    let client_leaf = issue(&order(&line.agent, &above, 3), &p256(2)).expect("issued");
    let hosts = ["api.example.com"];
    let server_order = Order { hosts: &hosts, ..order(&server, &above, 4) };
    let server_leaf = issue(&server_order, &p256(2)).expect("issued");
    for to in [name(&line, &server).as_str(), "api.example.com"] {
        let said = connect(&line, client_leaf.clone(), server_leaf.clone(), to);
        assert_eq!(said.as_deref(), Ok("pay 5"));
    }
    let wrong = connect(&line, client_leaf, server_leaf, "other.example.com");
    assert!(matches!(wrong, Err(rustls::Error::InvalidCertificate(_))));
}

#[test]
fn a_stock_stack_refuses_what_the_name_constraints_forbid() {
    let line = line();
    let server = server_agent(&line);
    let mut liar = line.org.clone();
    liar.authority.name_subtree = None;
    let lying = [liar, line.person.clone()];
    let hosts = ["bank.example.org"];
    let order = Order { hosts: &hosts, ..order(&server, &lying, 4) };
    let leaf = CertificateDer::from(issue(&order, &p256(2)).expect("issued"));
    let verifier = WebPkiServerVerifier::builder_with_provider(roots(&line), Arc::new(default_provider()));
    let between = [CertificateDer::from(line.org_der.clone())];
    let to = ServerName::try_from("bank.example.org").expect("a host name");
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    let judged = verifier.build().expect("roots").verify_server_cert(&leaf, &between, &to, &[], now);
    assert!(judged.is_err());
}
