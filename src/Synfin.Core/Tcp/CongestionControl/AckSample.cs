using Synfin.Timers;

namespace Synfin.Tcp.CongestionControl;

/// <summary>What an acknowledgment says to congestion control.</summary>
/// <param name="Now">When it came.</param>
/// <param name="Octets">Octets newly acknowledged.</param>
/// <param name="Mss">Eff.snd.MSS.</param>
/// <param name="RoundTrip">The newest round trip; zero if there is none.</param>
/// <param name="WindowLimited">Whether cwnd was what limited the sender: otherwise it must not grow.</param>
/// <param name="AfterTimeout">Whether data lost to an RTO is still being resent.</param>
public readonly record struct AckSample(Timestamp Now, int Octets, int Mss, Duration RoundTrip, bool WindowLimited, bool AfterTimeout);
