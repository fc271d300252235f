using Synfin.Dhcp;
using Synfin.Dns;
using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>One interface of a host at one shard: the device's queue, what is below IP there, and who asks for addresses.</summary>
internal sealed class LinuxInterface
{
    private readonly LinuxInterfaceOptions _options;
    private readonly int _place;
    private DhcpRunner? _dhcp;

    /// <summary>Attaches a queue to an engine, which gets the addresses and routes.</summary>
    public LinuxInterface(
        LinuxInterfaceOptions options,
        TunQueue queue,
        int place,
        NetworkStack engine,
        Timestamp now,
        PacketTap? tap,
        Func<Timestamp> timeOfTap)
    {
        _options = options;
        _place = place;
        ILink link = tap is null ? queue : new TappedLink(queue, tap, options.Ethernet, timeOfTap);
        IPacketSource source = tap is null ? queue : new TappedSource(queue, tap, options.Ethernet, timeOfTap);
        IIpInterface below = options.Ethernet ? Ethernet = MakeEthernet(link, engine, now) : new PointToPointInterface(link);
        Shard = new ShardInterface(source, below);
        AddAddresses(engine, now);
        AddRoutes(engine.Routes);
    }

    /// <summary>For the shard.</summary>
    public ShardInterface Shard { get; }

    /// <summary>What is below IP with TAP.</summary>
    public EthernetInterface? Ethernet { get; }

    /// <summary>Asks for a lease, and keeps it until it is cancelled.</summary>
    public Task RunDhcp(TcpStack stack, DnsResolver resolver, CancellationToken ct)
    {
        if (!_options.Dhcp) return Task.CompletedTask;
        byte[] mac = new byte[MacAddress.Length];
        Ethernet!.Mac.WriteTo(mac);
        var client = new DhcpClientOptions { HardwareAddress = mac, HostName = HostName() };
        _dhcp = new DhcpRunner(stack, client, new DhcpRunnerOptions { Interface = _place, Ethernet = Ethernet, Resolver = resolver });
        return _dhcp.RunAsync(ct);
    }

    /// <summary>Waits for the lease, if one was asked for.</summary>
    public async Task WhenLeased(CancellationToken ct)
    {
        if (_dhcp is not null) await _dhcp.WhenBoundAsync(ct).ConfigureAwait(false);
    }

    /// <summary>At the gate: whether no address is still being asked for on the link.</summary>
    public bool HasSettled()
    {
        if (Ethernet is null) return true;
        bool isWaiting = _options.Slaac && !Ethernet.Addresses.Any(address => address.IsAutomatic && !address.Prefix.Address.IsLinkLocal);
        return !isWaiting && Ethernet.Addresses.All(address => address.State is not AddressState.Tentative);
    }

    private static string? HostName()
    {
        string name = Environment.MachineName.Split('.')[0];
        return name.Length is > 0 and < 64 ? name : null;
    }

    private EthernetInterface MakeEthernet(ILink link, NetworkStack engine, Timestamp now)
    {
        (MacAddress mac, StackSecret secret) = HostIdentity.Of(_options.Device);
        var options = new EthernetOptions { Interface = _place, Autoconfiguration = _options.Slaac, StableSecret = secret };
        return new EthernetInterface(link, _options.HardwareAddress ?? mac, options, engine.DeriveSecret(), engine, now);
    }

    private void AddAddresses(NetworkStack engine, Timestamp now)
    {
        foreach (AddressPrefix address in _options.Addresses)
        {
            if (Ethernet is not null)
            {
                if (!Ethernet.AddAddress(address, now)) throw new ArgumentException($"{_options.Device}: too many addresses");
                continue;
            }
            engine.AddAddress(address.Address);
            engine.Routes.Add(new Route { Destination = address.Network, Interface = _place, Source = address.Address });
        }
    }

    /// <summary>
    /// All that TUN is given goes to the kernel, which routes it on; on Ethernet only the subnets are there without a gateway.
    /// </summary>
    private void AddRoutes(RouteTable routes)
    {
        foreach (Route route in _options.Routes) routes.Add(route with { Interface = _place });
        foreach (InternetAddress gateway in _options.Gateways)
        {
            AddressPrefix everywhere = gateway.IsIpv4 ? AddressPrefix.DefaultIpv4 : AddressPrefix.DefaultIpv6;
            routes.Add(new Route { Destination = everywhere, Interface = _place, Gateway = gateway });
        }
        if (_options.Ethernet || _place > 0) return;
        if (!_options.Gateways.Any(gateway => gateway.IsIpv4)) routes.Add(new Route { Destination = AddressPrefix.DefaultIpv4 });
        if (!_options.Gateways.Any(gateway => !gateway.IsIpv4)) routes.Add(new Route { Destination = AddressPrefix.DefaultIpv6 });
    }
}
