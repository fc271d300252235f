using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Text;
using Synfin.Dns;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>
/// Makes a lease of an offer or an acknowledgment. What must be there must be right; an option that may be absent and is wrong counts as
/// absent.
/// </summary>
public static class DhcpLeaseReader
{
    /// <summary>The most routers, and the most DNS servers.</summary>
    public const int MaxServers = 8;

    /// <summary>The most routes.</summary>
    public const int MaxRoutes = 64;

    /// <summary>The most domains to search.</summary>
    public const int MaxSearchDomains = 16;

    /// <summary>Chance takes away at most this part of T1 and T2 that the server did not tell (RFC 2131 4.4.5).</summary>
    private const int Fuzz = 32;

    private const int LeastMtu = 68;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Whether a host can have an address (RFC 1122 3.2.1.3, RFC 1112 4).</summary>
    public static bool IsUsable(InternetAddress address) =>
        address.IsIpv4 && address.Ipv4 >> 24 is not 0 and not 127 and < 224;

    /// <summary>Reads a lease.</summary>
    /// <param name="message">An offer or an acknowledgment.</param>
    /// <param name="since">When the client asked.</param>
    /// <param name="random">Chance for T1 and T2.</param>
    /// <returns>Null without a usable address, a server id or a lease time.</returns>
    public static DhcpLease? Read(in DhcpMessage message, Timestamp since, SecretRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        InternetAddress address = message.YourAddress;
        if (!IsUsable(address)) return null;
        if (!message.TryGetAddress(DhcpOption.ServerId, out InternetAddress server) || !IsUsable(server)) return null;
        if (!message.TryGetUInt32(DhcpOption.LeaseTime, out uint seconds) || seconds == 0) return null;
        Duration leaseTime = seconds == uint.MaxValue ? Duration.Infinite : new(seconds * NanosecondsPerSecond);
        (Duration t1, Duration t2) = ReadTimes(in message, leaseTime, random);
        InternetAddress[] routers = ReadAddresses(in message, DhcpOption.Router);
        return new DhcpLease
        {
            Address = new AddressPrefix(address, ReadPrefixLength(in message, address)),
            ServerId = server,
            Since = since,
            LeaseTime = leaseTime,
            RenewalTime = t1,
            RebindingTime = t2,
            Routers = routers,
            Routes = ReadRoutes(in message) ?? (routers.Length > 0 ? [new DhcpRoute(AddressPrefix.DefaultIpv4, routers[0])] : []),
            DnsServers = ReadAddresses(in message, DhcpOption.DnsServers),
            SearchDomains = ReadDomains(in message),
            DomainName = ReadText(in message, DhcpOption.DomainName),
            HostName = ReadText(in message, DhcpOption.HostName),
            Mtu = ReadMtu(in message),
        };
    }

    private static (Duration T1, Duration T2) ReadTimes(in DhcpMessage message, Duration lease, SecretRandom random)
    {
        if (!lease.IsFinite) return (Duration.Infinite, Duration.Infinite);
        bool hasT1 = message.TryGetUInt32(DhcpOption.RenewalTime, out uint t1Seconds);
        bool hasT2 = message.TryGetUInt32(DhcpOption.RebindingTime, out uint t2Seconds);
        Duration t1 = hasT1 ? new(t1Seconds * NanosecondsPerSecond) : lease / 2 - random.Below(lease / Fuzz);
        Duration t2 = hasT2 ? new(t2Seconds * NanosecondsPerSecond) : lease - lease / 8 - random.Below(lease / Fuzz);
        bool ordered = t1 > Duration.Zero && t1 <= t2 && t2 <= lease;
        return ordered ? (t1, t2) : (lease / 2, lease - lease / 8); // a server that mixes them up
    }

    private static int ReadPrefixLength(in DhcpMessage message, InternetAddress address)
    {
        if (message.TryGetUInt32(DhcpOption.SubnetMask, out uint mask))
        {
            int ones = BitOperations.LeadingZeroCount(~mask);
            if (ones > 0 && (ones == 32 || mask << ones == 0)) return ones;
        }
        return (address.Ipv4 >> 30) switch // classes A, B, C (RFC 791 3.2)
        {
            0 or 1 => 8,
            2 => 16,
            _ => 24,
        };
    }

    private static InternetAddress[] ReadAddresses(in DhcpMessage message, DhcpOption option)
    {
        Span<byte> buffer = stackalloc byte[DhcpMessage.MaxOptionLength];
        if (!message.TryGetOption(option, buffer, out ReadOnlySpan<byte> value) || value.Length % 4 != 0) return [];
        List<InternetAddress> addresses = [];
        for (; !value.IsEmpty && addresses.Count < MaxServers; value = value[4..])
        {
            InternetAddress address = InternetAddress.FromBytes(value[..4]);
            if (IsUsable(address) && !addresses.Contains(address)) addresses.Add(address);
        }
        return [.. addresses];
    }

    /// <summary>RFC 3442: the prefix's length, as many octets as it needs, and the router, which is 0.0.0.0 for the link itself.</summary>
    /// <returns>Null if there are none, or wrong ones.</returns>
    private static DhcpRoute[]? ReadRoutes(in DhcpMessage message)
    {
        Span<byte> buffer = stackalloc byte[DhcpMessage.MaxOptionLength];
        if (!message.TryGetOption(DhcpOption.ClasslessRoutes, buffer, out ReadOnlySpan<byte> value)) return null;
        List<DhcpRoute> routes = [];
        Span<byte> network = stackalloc byte[4];
        while (!value.IsEmpty)
        {
            int length = value[0];
            int significant = (length + 7) / 8;
            if (length > 32 || value.Length < 1 + significant + 4) return null;
            network.Clear();
            value.Slice(1, significant).CopyTo(network);
            AddressPrefix destination = new AddressPrefix(InternetAddress.FromBytes(network), length).Network;
            uint router = BinaryPrimitives.ReadUInt32BigEndian(value[(1 + significant)..]);
            value = value[(1 + significant + 4)..];
            if (router != 0 && !IsUsable(InternetAddress.FromIpv4(router))) return null;
            if (routes.Count < MaxRoutes) routes.Add(new DhcpRoute(destination, router == 0 ? null : InternetAddress.FromIpv4(router)));
        }
        return routes.Count == 0 ? null : [.. routes];
    }

    /// <summary>RFC 3397: names as in DNS, whose pointers count from the start of the option.</summary>
    private static string[] ReadDomains(in DhcpMessage message)
    {
        Span<byte> buffer = stackalloc byte[DhcpMessage.MaxOptionLength];
        if (!message.TryGetOption(DhcpOption.DomainSearch, buffer, out ReadOnlySpan<byte> value)) return [];
        List<string> domains = [];
        Span<byte> name = stackalloc byte[DnsName.MaxOctets];
        int at = 0;
        while (at < value.Length && domains.Count < MaxSearchDomains)
        {
            if (!DnsName.TryRead(value, ref at, name, out int length)) return [];
            if (length > 1) domains.Add(DnsName.FromOctets(name[..length]).ToString());
        }
        return [.. domains];
    }

    /// <summary>A name: visible ASCII; zeros at its end are some servers' habit.</summary>
    private static string? ReadText(in DhcpMessage message, DhcpOption option)
    {
        Span<byte> buffer = stackalloc byte[DhcpMessage.MaxOptionLength];
        if (!message.TryGetOption(option, buffer, out ReadOnlySpan<byte> value)) return null;
        value = value.TrimEnd((byte)0);
        if (value.IsEmpty || value.Length > DnsName.MaxOctets || value.ContainsAnyExceptInRange((byte)'!', (byte)'~')) return null;
        return Encoding.ASCII.GetString(value);
    }

    private static int? ReadMtu(in DhcpMessage message)
    {
        Span<byte> buffer = stackalloc byte[DhcpMessage.MaxOptionLength];
        if (!message.TryGetOption(DhcpOption.Mtu, buffer, out ReadOnlySpan<byte> value) || value.Length != 2) return null;
        int mtu = BinaryPrimitives.ReadUInt16BigEndian(value);
        return mtu >= LeastMtu ? mtu : null;
    }
}
