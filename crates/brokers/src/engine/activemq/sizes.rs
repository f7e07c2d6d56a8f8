//! What an instance type means for one ActiveMQ process.
//!
//! Amazon MQ gives a broker a machine of its own; here many share one. The heap is therefore a fraction of the instance
//! type's memory (a quarter for `micro`, a sixteenth above), and the frame limit keeps one unauthenticated client from
//! filling a small heap. Connection limits are Amazon's ("Quotas in Amazon MQ": 300 wire-level connections per protocol
//! on `micro`, 2,000 on `large` and up).

/// The frame limit that ActiveMQ's own configuration files set: 100 MiB.
const ENGINE_FRAME_LIMIT: u32 = 104_857_600;

/// An instance type on which Amazon MQ runs ActiveMQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstanceSize {
    /// `mq.t2.micro` and `mq.t3.micro` (1 GiB).
    Micro,
    /// `mq.m4.large` and `mq.m5.large` (8 GiB).
    Large,
    /// `mq.m5.xlarge` (16 GiB).
    XLarge,
    /// `mq.m5.2xlarge` (32 GiB).
    XLarge2,
    /// `mq.m5.4xlarge` (64 GiB).
    XLarge4,
}

impl InstanceSize {
    /// All sizes, smallest first.
    pub const ALL: [Self; 5] = [
        Self::Micro,
        Self::Large,
        Self::XLarge,
        Self::XLarge2,
        Self::XLarge4,
    ];

    /// The size of a host instance type; `None` for types on which ActiveMQ is not offered.
    #[must_use]
    pub fn of(host_instance_type: &str) -> Option<Self> {
        match host_instance_type {
            "mq.t2.micro" | "mq.t3.micro" => Some(Self::Micro),
            "mq.m4.large" | "mq.m5.large" => Some(Self::Large),
            "mq.m5.xlarge" => Some(Self::XLarge),
            "mq.m5.2xlarge" => Some(Self::XLarge2),
            "mq.m5.4xlarge" => Some(Self::XLarge4),
            _ => None,
        }
    }

    /// The largest Java heap, in MiB.
    #[must_use]
    pub const fn heap_mib(self) -> u32 {
        match self {
            Self::Micro => 256,
            Self::Large => 512,
            Self::XLarge => 1024,
            Self::XLarge2 => 2048,
            Self::XLarge4 => 4096,
        }
    }

    /// Connections per protocol.
    #[must_use]
    pub const fn connections(self) -> u32 {
        match self {
            Self::Micro => 300,
            Self::Large | Self::XLarge | Self::XLarge2 | Self::XLarge4 => 2000,
        }
    }

    /// The largest frame in bytes: an eighth of the heap, at most the 100 MiB of ActiveMQ's own configuration.
    #[must_use]
    pub const fn frame_limit(self) -> u32 {
        let eighth = self.heap_mib() / 8 * 1024 * 1024;
        if eighth < ENGINE_FRAME_LIMIT {
            eighth
        } else {
            ENGINE_FRAME_LIMIT
        }
    }

    /// What persistent messages may take on disk, in GiB.
    #[must_use]
    pub const fn store_gib(self) -> u32 {
        match self {
            Self::Micro => 20,
            Self::Large | Self::XLarge | Self::XLarge2 | Self::XLarge4 => 200,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_and_frames_stay_below_an_eighth_of_the_heap() {
        let mut before = 0;
        for size in InstanceSize::ALL {
            assert!(size.heap_mib() > before);
            before = size.heap_mib();
            assert!(u64::from(size.frame_limit()) * 8 <= u64::from(size.heap_mib()) << 20);
        }
        assert_eq!(InstanceSize::Micro.connections(), 300);
        assert_eq!(InstanceSize::XLarge.frame_limit(), 104_857_600);
        assert_eq!(InstanceSize::of("mq.m7g.large"), None);
    }
}
