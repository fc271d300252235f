using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp.CongestionControl;

/// <summary>What an acknowledgment says to congestion control.</summary>
/// <param name="Now">When it came.</param>
/// <param name="Octets">Octets newly acknowledged, or told by SACK.</param>
/// <param name="Mss">Eff.snd.MSS.</param>
/// <param name="SmoothedRoundTrip">SRTT; zero if there was no sample.</param>
/// <param name="RoundTrip">The round trip that this acknowledgment measured; zero if it is ambiguous.</param>
/// <param name="MinimumRoundTrip">The least round trip lately; zero if there was none.</param>
/// <param name="WindowLimited">Whether cwnd was what limited the sender: otherwise it must not grow.</param>
/// <param name="AfterTimeout">Whether data lost to an RTO is still being resent.</param>
/// <param name="Una">SND.UNA, this acknowledgment included.</param>
/// <param name="Next">SND.NXT.</param>
public readonly record struct AckSample(
    Timestamp Now,
    int Octets,
    int Mss,
    Duration SmoothedRoundTrip,
    Duration RoundTrip,
    Duration MinimumRoundTrip,
    bool WindowLimited,
    bool AfterTimeout,
    SequenceNumber Una,
    SequenceNumber Next);
