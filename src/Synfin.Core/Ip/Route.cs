using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>Where packets to a subnet go.</summary>
public sealed record Route
{
    /// <summary>The subnet.</summary>
    public required AddressPrefix Destination { get; init; }

    /// <summary>The interface: its place in <see cref="RoutedLink"/>.</summary>
    public int Interface { get; init; }

    /// <summary>The router that takes them; null if the subnet is on the link.</summary>
    public InternetAddress? Gateway { get; init; }

    /// <summary>Of routes to the same subnet the one with the smallest wins.</summary>
    public int Metric { get; init; }

    /// <summary>The MTU of the route in octets; 0 for the interface's.</summary>
    public int Mtu { get; init; }

    /// <summary>The address that packets come from unless an application says otherwise; null for any of the host's.</summary>
    public InternetAddress? Source { get; init; }
}
