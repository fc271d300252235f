using System.Globalization;
using Synfin.Dns;
using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Cli.Hosts;

/// <summary>What a host is like, as the command line says it, and checked.</summary>
internal sealed record HostSettings
{
    /// <summary>The least MTU of IPv6 (RFC 8200 5).</summary>
    private const int LeastIpv6Mtu = 1_280;

    private static readonly AddressPrefix _linkLocal = AddressPrefix.Parse("fe80::/10");

    /// <summary>The device's name.</summary>
    public required string Device { get; init; }

    /// <summary>TAP instead of TUN.</summary>
    public bool Ethernet { get; init; }

    /// <summary>Queues, each with a shard and a thread.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>The host's own addresses.</summary>
    public IReadOnlyList<AddressPrefix> Addresses { get; init; } = [];

    /// <summary>The kernel's addresses on the device.</summary>
    public IReadOnlyList<AddressPrefix> HostAddresses { get; init; } = [];

    /// <summary>The routers to everywhere else, one of each family at most.</summary>
    public IReadOnlyList<InternetAddress> Gateways { get; init; } = [];

    /// <summary>Whether an IPv4 address comes by DHCP.</summary>
    public bool Dhcp { get; init; }

    /// <summary>Whether IPv6 addresses come by router advertisements.</summary>
    public bool Slaac { get; init; }

    /// <summary>Who resolves names.</summary>
    public IReadOnlyList<InternetAddress> DnsServers { get; init; } = [];

    /// <summary>The device's MTU in octets; null leaves it.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether each connection's ladder is drawn when it ends.</summary>
    public bool Ladder { get; init; }

    /// <summary>The capture file, or null.</summary>
    public string? PcapPath { get; init; }

    /// <summary>Says what is wrong, in a line, or null: that things are there, and go together.</summary>
    public string? FindProblem() => ProblemOfDevice() ?? ProblemOfConfiguration() ?? ProblemOfAddresses() ?? ProblemOfGateways()
        ?? ProblemOfMtu() ?? ProblemOfPcap();

    private string? ProblemOfDevice()
    {
        string option = Ethernet ? "--tap" : "--tun";
        if (Device.Length is 0 or > 15) return $"{option} takes a device's name of 1 to 15 characters, not '{Device}'";
        bool isName = Device is not ("." or "..") && Device.All(c => c > ' ' && c < 127 && c is not ('/' or ':'));
        return isName ? null : $"{option} takes a device's name such as synfin0, without spaces, '/' and ':', not '{Device}'";
    }

    private string? ProblemOfConfiguration()
    {
        if (Dhcp && !Ethernet) return "--dhcp is for Ethernet: it needs --tap NAME, as TUN devices have no broadcasts";
        if (Slaac && !Ethernet) return "--slaac is for Ethernet: it needs --tap NAME, as TUN devices have no neighbours";
        if (Ethernet && Queues > 1) return "--queues is for TUN: the neighbours on a TAP device are known to one thread";
        if (Dhcp && Addresses.Any(address => address.Address.IsIpv4)) return "--dhcp gives the IPv4 address: leave out that of --address";
        if (DnsServers.Count > DnsOptions.MaxServers)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"--dns is there {DnsServers.Count} times; {DnsOptions.MaxServers} servers are the most");
        }
        if (Addresses.Count > 0 || Dhcp || Slaac) return null;
        return Ethernet
            ? "this host needs an address: --address A/P, such as 10.9.0.2/24, or --dhcp or --slaac"
            : "this host needs an address: --address A/P, such as 10.9.0.2/24";
    }

    private string? ProblemOfAddresses()
    {
        foreach (AddressPrefix address in Addresses)
        {
            if (ProblemOf("--address", address) is { } problem) return problem;
            AddressPrefix[] hosts = [.. HostAddresses.Where(host => host.Address.IsIpv4 == address.Address.IsIpv4)];
            if (hosts.Any(host => host.Address == address.Address))
                return $"--address and --host-address are both {address.Address}; the two ends need one each";
            if (hosts.Length > 0 && !hosts.Any(host => host.Contains(address.Address)))
                return $"--address {address} is not in the subnet of --host-address {hosts[0]}: the kernel would not find it";
        }
        foreach (AddressPrefix host in HostAddresses)
        {
            if (ProblemOf("--host-address", host) is { } problem) return problem;
        }
        return null;
    }

    private static string? ProblemOf(string option, AddressPrefix prefix)
    {
        InternetAddress address = prefix.Address;
        if (address.IsUnspecified || address.IsMulticast) return $"{option} {prefix} is no host's address";
        bool hasBroadcast = address.IsIpv4 && prefix.Length < 31;
        if (hasBroadcast && address == prefix.Network.Address)
            return $"{option} {prefix} is the subnet itself; its hosts have other addresses";
        if (hasBroadcast && address == prefix.Broadcast) return $"{option} {prefix} is its subnet's broadcast address";
        return null;
    }

    private string? ProblemOfGateways()
    {
        foreach (InternetAddress gateway in Gateways)
        {
            if (Gateways.Count(other => other.IsIpv4 == gateway.IsIpv4) > 1) return "--gateway is there more than once for one family";
            if (Addresses.Any(address => address.Address == gateway)) return $"--gateway {gateway} is this host's own address";
            bool known = !Ethernet || _linkLocal.Contains(gateway) || Addresses.Any(address => address.Contains(gateway));
            if (!known) return $"--gateway {gateway} is in the subnet of no --address: it could not be reached";
        }
        return null;
    }

    private string? ProblemOfPcap()
    {
        if (PcapPath is null) return null;
        if (PcapPath.Length == 0) return "--pcap takes a file's name, not ''";
        if (Directory.Exists(PcapPath)) return $"--pcap {PcapPath} is a folder; name a file in it";
        string? folder = Path.GetDirectoryName(Path.GetFullPath(PcapPath));
        return folder is null || Directory.Exists(folder) ? null : $"--pcap {PcapPath}: there is no folder '{folder}'";
    }

    private string? ProblemOfMtu()
    {
        if (Mtu is not < LeastIpv6Mtu || !(Slaac || Addresses.Any(address => !address.Address.IsIpv4))) return null;
        return string.Create(CultureInfo.InvariantCulture, $"--mtu {Mtu} is too small for IPv6, which needs {LeastIpv6Mtu}");
    }
}
