using Synfin.Dns;
using Synfin.Linux;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Cli.Hosts;

/// <summary>A host behind a TUN or TAP device of this machine.</summary>
internal sealed class LinuxDeviceHost : IHost
{
    private readonly LinuxHost _host;

    private LinuxDeviceHost(LinuxHost host) => _host = host;

    /// <inheritdoc/>
    public string Device => _host.Device.Name;

    /// <inheritdoc/>
    public TcpStackGroup Sockets => _host.Sockets;

    /// <inheritdoc/>
    public IReadOnlyList<InternetAddress> Addresses => _host.Addresses;

    /// <inheritdoc/>
    public Task Ended => _host.Ended;

    /// <summary>Opens it; see <see cref="LinuxHost.Open"/>.</summary>
    /// <exception cref="TunException">The device cannot be opened or set up; the message says what is missing.</exception>
    public static IHost Open(HostSettings settings, ITcpObserver? observer, PacketTap? tap)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("TUN and TAP devices are Linux's; 'synfin demo' runs everywhere");
        LinuxHost host = LinuxHost.Open(OptionsOf(settings, observer, tap));
        // Whoever gives a name then hears what is missing, and not that nobody has it.
        bool asksNobody = settings.DnsServers.Count == 0 && !settings.Dhcp && !settings.Slaac;
        if (asksNobody) host.Sockets.NameResolver = null;
        return new LinuxDeviceHost(host);
    }

    /// <inheritdoc/>
    public Task WhenReadyAsync(CancellationToken ct) => _host.WhenReadyAsync(ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>The one place where the command line's words become a host's options.</summary>
    private static LinuxHostOptions OptionsOf(HostSettings settings, ITcpObserver? observer, PacketTap? tap) => new()
    {
        Device = settings.Device,
        Ethernet = settings.Ethernet,
        Queues = settings.Queues,
        Addresses = settings.Addresses,
        HostAddresses = settings.HostAddresses,
        Gateways = settings.Gateways,
        Mtu = settings.Mtu,
        Dhcp = settings.Dhcp,
        Slaac = settings.Slaac,
        Dns = settings.DnsServers.Count == 0 ? null : new DnsOptions { Servers = settings.DnsServers },
        Observer = observer is null ? null : () => observer,
        Tap = tap,
    };
}
