using System.Runtime.InteropServices;
using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using EngineConnection = Synfin.Tcp.TcpConnection;

namespace Synfin.Linux;

/// <summary>
/// A TCP/IP host of its own behind a TUN or TAP device: the kernel sees it as a neighbour on the link. Its sockets may be used on any thread:
/// by Kestrel, HttpClient, streams and pipes. Idle, it uses no CPU.
/// </summary>
public sealed class LinuxHost : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _lookAtFarewell = TimeSpan.FromMilliseconds(10);

    private readonly LinuxHostOptions _options;
    private readonly ShardGroup _shards;
    private readonly EpollWait[] _waits;
    private readonly PosixSignalRegistration[] _signals;
    private readonly TimeProvider _time = TimeProvider.System;
    private int _disposed;

    private LinuxHost(LinuxHostOptions options, TunDevice device)
    {
        _options = options;
        Device = device;
        StackSecret secret = RandomSecret.Next();
        var shards = new HostedShard[device.Queues.Count];
        _waits = new EpollWait[shards.Length];
        for (int i = 0; i < shards.Length; i++) shards[i] = MakeShard(device.Queues[i], _waits[i] = new EpollWait([device.Queues[i]]), i);
        _shards = new ShardGroup(shards, secret);
        AppDomain.CurrentDomain.ProcessExit += Exit;
        _signals = options.EndsOnSignals
            ? [PosixSignalRegistration.Create(PosixSignal.SIGINT, EndBySignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndBySignal)]
            : [];
        _shards.Start();
    }

    /// <summary>The device.</summary>
    public TunDevice Device { get; }

    /// <summary>The sockets. With one queue they are those of <see cref="Tcp"/>.</summary>
    public TcpStackGroup Sockets => _shards.Tcp;

    /// <summary>The sockets of the first shard, which with one queue is the whole host. UDP and ICMP are at home here.</summary>
    public TcpStack Tcp => _shards.Tcp.First;

    /// <summary>The shards, one a queue.</summary>
    public IReadOnlyList<HostedShard> Shards => _shards.Shards;

    /// <summary>
    /// Completes when the host has ended: successfully when it was disposed of, else with what went wrong, such as a device that was removed.
    /// </summary>
    public Task Ended => _shards.Ended;

    /// <summary>This host's addresses at present; those of DHCP and SLAAC come and go.</summary>
    public IReadOnlyList<InternetAddress> Addresses
    {
        get
        {
            InternetAddress[] addresses = [];
            Shards[0].Do((engine, _) => addresses = [.. engine.Addresses]);
            return addresses;
        }
    }

    /// <summary>The state of a four-tuple, at whichever shard it is.</summary>
    public TcpState StateOf(FourTuple tuple)
    {
        TcpState state = TcpState.Closed;
        foreach (HostedShard shard in Shards)
        {
            if (state is not (TcpState.Closed or TcpState.Listen)) break;
            shard.Do((engine, _) => state = engine.StateOf(in tuple));
        }
        return state;
    }

    /// <summary>Opens the device, sets up the kernel's end as far as the options say, and starts a thread for each queue.</summary>
    /// <exception cref="ArgumentException">The options contradict one another; the message says how.</exception>
    /// <exception cref="TunException">The device cannot be opened or set up; the message says what is missing and how to get it.</exception>
    public static LinuxHost Open(LinuxHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        TunDevice device = TunDevice.Open(new TunDeviceOptions
        {
            Name = options.Device,
            Ethernet = options.Ethernet,
            Queues = options.Queues,
            Offloads = options.Offloads,
        });
        try
        {
            if (options.Mtu is { } mtu) device.Mtu = mtu;
            foreach (AddressPrefix address in options.HostAddresses) device.SetHostAddress(address.Address, address.Length);
            device.Up();
            return new LinuxHost(options, device);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends the connections as <see cref="LinuxHostOptions.Farewell"/> says, then the threads, and closes the device; one that the host made
    /// vanishes with its addresses and routes.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_options.Farewell is Farewell.Close) await CloseAll().ConfigureAwait(false);
        Release();
    }

    /// <summary>The same as <see cref="DisposeAsync"/>, and waits for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static void Check(LinuxHostOptions options)
    {
        foreach (AddressPrefix address in options.Addresses)
        {
            foreach (AddressPrefix host in options.HostAddresses)
            {
                if (address.Address == host.Address)
                    throw new ArgumentException($"{address.Address} cannot be both this host's and the kernel's address", nameof(options));
            }
        }
        foreach (InternetAddress gateway in options.Gateways)
        {
            if (options.Ethernet && !options.Addresses.Any(address => address.Contains(gateway)))
                throw new ArgumentException($"the gateway {gateway} is in no subnet of this host's addresses", nameof(options));
        }
        if (options.Queues < 1) throw new ArgumentException($"a device has at least 1 queue, not {options.Queues}", nameof(options));
    }

    private HostedShard MakeShard(TunQueue queue, EpollWait wait, int index)
    {
        StackOptions options = _options.Stack ?? new();
        var engine = new NetworkStack(options, RandomSecret.Next(), MonotonicClock.Now(), _options.Observer?.Invoke());
        foreach (AddressPrefix address in _options.Addresses) engine.AddAddress(address.Address);
        AddRoutes(engine.Routes);
        ILink link = _options.Tap is { } tap ? new TappedLink(queue, tap, Device.IsEthernet, MonotonicClock.Now) : queue;
        IPacketSource source = _options.Tap is { } sees ? new TappedSource(queue, sees, Device.IsEthernet, MonotonicClock.Now) : queue;
        ShardInterface below = new(source, new PointToPointInterface(link));
        return new HostedShard(engine, [below], MonotonicClock.Now, wait, $"{Device.Name}/{index}");
    }

    /// <summary>All that TUN is given goes to the kernel, which routes it on; on Ethernet only the subnets are there without a gateway.</summary>
    private void AddRoutes(RouteTable routes)
    {
        foreach (AddressPrefix address in _options.Addresses)
            routes.Add(new Route { Destination = address.Network, Source = address.Address });
        foreach (InternetAddress gateway in _options.Gateways)
            routes.Add(new Route { Destination = gateway.IsIpv4 ? AddressPrefix.DefaultIpv4 : AddressPrefix.DefaultIpv6, Gateway = gateway });
        if (_options.Ethernet) return;
        if (!_options.Gateways.Any(gateway => gateway.IsIpv4)) routes.Add(new Route { Destination = AddressPrefix.DefaultIpv4 });
        if (!_options.Gateways.Any(gateway => !gateway.IsIpv4)) routes.Add(new Route { Destination = AddressPrefix.DefaultIpv6 });
    }

    private async Task CloseAll()
    {
        long start = _time.GetTimestamp();
        bool isFirst = true;
        while (!Ended.IsCompleted && _time.GetElapsedTime(start) < _options.FarewellTimeout)
        {
            int left = 0;
            foreach (HostedShard shard in Shards) shard.Do((engine, now) => left += isFirst ? CloseConnections(engine, now) : engine.ConnectionCount);
            if (left == 0) return;
            isFirst = false;
            await Task.Delay(_lookAtFarewell, _time).ConfigureAwait(false);
        }
    }

    private static int CloseConnections(NetworkStack engine, Timestamp now)
    {
        List<EngineConnection> open = [];
        engine.ForEachConnection(open.Add);
        foreach (EngineConnection connection in open)
        {
            // What was sent is delivered, then FIN: Shutdown leaves what the peer still says to whoever reads it.
            if (connection.State is TcpState.Established or TcpState.CloseWait) connection.Shutdown(now);
            else if (connection.State is TcpState.SynSent) connection.Abort(now);
        }
        return engine.ConnectionCount;
    }

    private void EndBySignal(PosixSignalContext signal) => Dispose();

    private void Exit(object? sender, EventArgs e) => Dispose();

    private void Release()
    {
        AppDomain.CurrentDomain.ProcessExit -= Exit;
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _shards.Dispose();
        foreach (EpollWait wait in _waits) wait.Dispose();
        Device.Dispose();
    }
}
