using System.Net;
using Synfin.Drill.Language;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>The addresses and the MTU of a run: the defaults of the language, unless the script's option lines say otherwise.</summary>
internal sealed class DrillAddresses
{
    /// <summary>The port of both ends unless a script says otherwise.</summary>
    public const ushort DefaultPort = 8080;

    private const int DefaultMtuIpv4 = 1500;

    /// <summary>20 octets more, so that the MSS is the same as IPv4's.</summary>
    private const int DefaultMtuIpv6 = 1520;

    private static readonly InternetAddress _localIpv4 = InternetAddress.FromIpv4(192, 168, 0, 1);
    private static readonly InternetAddress _remoteIpv4 = InternetAddress.FromIpv4(192, 0, 2, 1);
    private static readonly InternetAddress _localIpv6 = InternetAddress.Parse("fd3d:0a0b:17d6::1");
    private static readonly InternetAddress _remoteIpv6 = InternetAddress.Parse("fd3d:fa7b:d17d::1");

    /// <summary>The addresses of a script in one family.</summary>
    /// <param name="version">The family.</param>
    /// <param name="options">The script's option lines.</param>
    /// <param name="mtu">An MTU that a command of the script's set, or null.</param>
    public DrillAddresses(IpVersion version, ScriptOptions options, int? mtu = null)
    {
        Version = version;
        bool v6 = version is IpVersion.Ipv6;
        Local = OfFamily(options.LocalAddress, v6) ?? (v6 ? _localIpv6 : _localIpv4);
        Remote = OfFamily(options.RemoteAddress, v6) ?? (v6 ? _remoteIpv6 : _remoteIpv4);
        // A script that says for itself which family it is for knows its MTU; others have IPv4 in mind.
        int more = v6 && options.IpVersion is null ? DefaultMtuIpv6 - DefaultMtuIpv4 : 0;
        Mtu = mtu ?? (options.Mtu + more) ?? (v6 ? DefaultMtuIpv6 : DefaultMtuIpv4);
        BindPort = (ushort)(options.BindPort ?? DefaultPort);
        ConnectPort = (ushort)(options.ConnectPort ?? DefaultPort);
    }

    /// <summary>What the sockets and the wire speak.</summary>
    public IpVersion Version { get; }

    /// <summary>Whether the packets are IPv6's.</summary>
    public bool IsIpv6OnWire => Version is IpVersion.Ipv6;

    /// <summary>Whether a socket whose family the script leaves open is an IPv6 one.</summary>
    public bool IsIpv6Socket => Version is not IpVersion.Ipv4;

    /// <summary>The address of the stack under test.</summary>
    public InternetAddress Local { get; }

    /// <summary>The address of its peer.</summary>
    public InternetAddress Remote { get; }

    /// <summary>The interface's MTU in octets.</summary>
    public int Mtu { get; }

    /// <summary>The port of <c>bind(3, ..., ...)</c>.</summary>
    public ushort BindPort { get; }

    /// <summary>The port of <c>connect(3, ..., ...)</c>.</summary>
    public ushort ConnectPort { get; }

    /// <summary>An end point as a socket of this run names it.</summary>
    public IPEndPoint ToEndPoint(InternetAddress address, int port) => new(ToSocketAddress(address), port);

    /// <summary>An address as a socket of this run names it: mapped if it is an IPv6 socket that speaks IPv4.</summary>
    public IPAddress ToSocketAddress(InternetAddress address)
    {
        byte[] octets = new byte[16];
        var plain = new IPAddress(octets.AsSpan(0, address.WriteTo(octets)));
        return Version is IpVersion.Ipv4MappedIpv6 && address.IsIpv4 ? plain.MapToIPv6() : plain;
    }

    private static InternetAddress? OfFamily(InternetAddress? address, bool v6) =>
        address is { } given && given.IsIpv4 != v6 ? given : null;
}
