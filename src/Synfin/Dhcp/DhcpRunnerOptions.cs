using Synfin.Dns;
using Synfin.Ethernet;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>What a <see cref="DhcpRunner"/> does with a lease.</summary>
public sealed record DhcpRunnerOptions
{
    /// <summary>The interface that the routes lead to: its place in <see cref="Ip.RoutedLink"/>.</summary>
    public int Interface { get; init; }

    /// <summary>The interface that has the address and answers for it; null, as in tests without one, for the stack alone.</summary>
    public EthernetInterface? Ethernet { get; init; }

    /// <summary>The metric of the routes.</summary>
    public int Metric { get; init; }

    /// <summary>Gets the lease's DNS servers and search list, while there is a lease that has some; null for nobody.</summary>
    public DnsResolver? Resolver { get; init; }

    /// <summary>
    /// Asks whether somebody has an address already (RFC 2131 2.2, RFC 5227), before it is taken; if so it is declined. Null to take it
    /// unasked.
    /// </summary>
    public Func<InternetAddress, CancellationToken, ValueTask<bool>>? IsTaken { get; init; }

    /// <summary>How messages are sent and received; null for a <see cref="UdpDhcpTransport"/>.</summary>
    public IDhcpTransport? Transport { get; init; }

    /// <summary>Whether the address is released at the end (RFC 2131 4.4.6), as who does not come back should do.</summary>
    public bool ReleaseAtEnd { get; init; } = true;
}
