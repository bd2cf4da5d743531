//! Which computers may be reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::Host;

/// Without encryption only this computer is reached, since nobody can listen on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// This computer only.
    Loopback,
    /// The public internet: no address of this computer or of a network of its own. Where what is sent is chosen by many, nobody shall
    /// knock at the doors inside by it.
    Public,
    /// All but link-local addresses: at 169.254.169.254 the keepers of rented computers hand out keys to them.
    Wide,
}

impl Reach {
    /// Whether that address may be reached. Asked of what a name led to, so that no name leads around it.
    pub(crate) fn allows(self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        match self {
            Self::Loopback => ip.is_loopback(),
            Self::Public => !is_link_local(ip) && !is_private(ip),
            Self::Wide => !is_link_local(ip),
        }
    }

    /// The addresses of a name that may be reached.
    pub(crate) async fn look_up(self, name: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        let found = tokio::net::lookup_host((name, port)).await?;
        let allowed: Vec<SocketAddr> = found.filter(|address| self.allows(address.ip())).collect();
        if allowed.is_empty() {
            return Err(std::io::Error::other("its name leads to no address that may be reached"));
        }
        Ok(allowed)
    }
}

/// Says that a host is this computer, by its name or its address.
pub(crate) fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref().eq_ignore_ascii_case("localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => Reach::Loopback.allows(IpAddr::V6(*ip)),
    }
}

/// Says that a host is named by an address that is never reached.
pub(crate) fn is_forbidden<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(_) => false,
        Host::Ipv4(ip) => !Reach::Wide.allows(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => !Reach::Wide.allows(IpAddr::V6(*ip)),
    }
}

/// An address of this computer, or of a network that is somebody's own.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            // 0.0.0.0/8 means this network, 100.64.0.0/10 lies behind a provider (RFC 6598).
            ip.is_private()
                || ip.is_loopback()
                || ip.is_broadcast()
                || ip.is_multicast()
                || first == 0
                || (first == 100 && second & 0xC0 == 64)
        }
        IpAddr::V6(ip) => {
            // fc00::/7; and what leads to an IPv4 address inside by another way: 64:ff9b::/96 and 2002::/16.
            let within = |high: u16, low: u16| {
                let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
                is_private(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
                    || is_link_local(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
            };
            let parts = ip.segments();
            ip.is_loopback()
                || ip.is_multicast()
                || ip.is_unique_local()
                || (parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] && within(parts[6], parts[7]))
                || (parts[0] == 0x2002 && within(parts[1], parts[2]))
        }
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    /// Where one of them answers over IPv6.
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    /// Means this computer to some systems, and nothing to others.
    const NOWHERE: Ipv4Addr = Ipv4Addr::UNSPECIFIED;
    match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip == NOWHERE,
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip == METADATA || ip.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_reached_is() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        for text in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254", "0.0.0.0", "::"] {
            assert!(!Reach::Wide.allows(ip(text)), "{text}");
        }
        for text in ["10.0.0.7", "192.168.1.1", "203.0.113.9", "2001:db8::1", "127.0.0.1"] {
            assert!(Reach::Wide.allows(ip(text)), "{text}");
        }
        for text in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert!(Reach::Loopback.allows(ip(text)), "{text}");
        }
        for text in ["10.0.0.7", "::2", "0.0.0.0"] {
            assert!(!Reach::Loopback.allows(ip(text)), "{text}");
        }
        for text in [
            "10.0.0.7",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "100.64.0.1",
            "0.1.2.3",
            "169.254.169.254",
            "::1",
            "::ffff:10.0.0.7",
            "fd12::1",
            "64:ff9b::a00:7",
            "2002:a00:7::1",
        ] {
            assert!(!Reach::Public.allows(ip(text)), "{text}");
        }
        for text in ["203.0.113.9", "8.8.8.8", "100.128.0.1", "2001:db8::1", "64:ff9b::808:808"] {
            assert!(Reach::Public.allows(ip(text)), "{text}");
        }
    }

    /// A name is known by where it leads, not by how it is called.
    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused() {
        assert!(Reach::Public.look_up("localhost", 443).await.is_err());
        assert!(Reach::Public.look_up("192.168.7.7", 443).await.is_err());
    }
    #[tokio::test]
    async fn what_a_name_leads_to_is_sifted() {
        assert!(Reach::Loopback.look_up("localhost", 25).await.is_ok());
        assert!(Reach::Wide.look_up("127.0.0.1", 25).await.is_ok());
        assert!(Reach::Wide.look_up("169.254.169.254", 80).await.is_err());
        assert!(Reach::Loopback.look_up("10.0.0.7", 25).await.is_err());
    }
}
