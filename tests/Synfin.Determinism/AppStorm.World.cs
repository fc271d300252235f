using System.Net.Sockets;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Determinism;

public sealed partial class AppStorm
{
    private const ushort Port = 80;

    private static readonly string[] _rules =
    [
        "SYN from a", "SYN-ACK from b", "handshake ACK", "FIN from a", "second FIN from b", "every RST from b", "ACK of FIN",
        "first data from a", "delay second data from b by 300ms", "duplicate FIN 2 times by 50ms", "duplicate SYN-ACK", "third data from b",
    ];

    private static SimulatedNetwork MakeNetwork(DeterministicRandom random, SimulationMode mode)
    {
        bool isHosted = mode is SimulationMode.Hosted;
        int buffer = (int)Pick(random, [2_048, 8_192, 65_536, 262_144]);
        StackOptions stack = new()
        {
            MaxPages = random.Chance(0.1) ? 40 + (int)random.Next(100) : 65_536,
            MaxOrphans = random.Chance(0.05) ? 1 : 8_192,
            MaxTimeWait = random.Chance(0.05) ? 2 : 262_144,
            ConnectionDefaults = new TcpConnectionOptions
            {
                ReceiveBuffer = buffer,
                SendBuffer = (int)Pick(random, [2_048, 16_384, 65_536]),
            },
        };
        SimulatedNetwork net = new(new SimulationOptions { Seed = random.NextUInt64(), Mode = mode, StackOptions = stack });
        SimulatedHost a = net.AddHost("a");
        SimulatedHost b = net.AddHost("b");
        net.Connect(a, b, MakeLink(random, isHosted));
        if (random.Chance(0.3))
        {
            SimulatedHost c = net.AddHost("c");
            net.Connect(a, c, MakeLink(random, isHosted));
            net.Connect(b, c, MakeLink(random, isHosted));
        }
        while (random.Chance(0.3)) net.AddRule(_rules[random.Next(_rules.Length)]);
        return net;
    }

    /// <summary>Hosted worlds are mostly without delay: each step of virtual time costs real time there.</summary>
    private static SimulatedLinkOptions MakeLink(DeterministicRandom random, bool isHosted)
    {
        bool isBad = random.Chance(isHosted ? 0.2 : 0.5);
        return new SimulatedLinkOptions
        {
            Delay = Duration.FromMilliseconds(random.Chance(isHosted ? 0.8 : 0.2) ? 0 : Pick(random, [1, 5, 20, 80])),
            Jitter = isBad ? Duration.FromMilliseconds(random.Next(5)) : Duration.Zero,
            BitsPerSecond = !isHosted && random.Chance(0.2) ? 4_000_000 : null,
            QueuePackets = 50,
            Loss = isBad ? random.NextDouble() * 0.05 : 0,
            Duplicate = isBad ? random.NextDouble() * 0.03 : 0,
            Reorder = isBad ? random.NextDouble() * 0.05 : 0,
            Corrupt = isBad && random.Chance(0.3) ? 0.01 : 0,
        };
    }

    private void Begin()
    {
        DeterministicRandom random = Random.Fork("roles");
        IReadOnlyList<SimulatedHost> hosts = _net.Hosts;
        foreach (SimulatedHost host in hosts) Run(host, () => Serve(host));
        int clients = 1 + (int)random.Next(_isHosted ? 10 : 5);
        for (int i = 0; i < clients; i++)
        {
            SimulatedHost from = hosts[(int)random.Next(hosts.Count)];
            SimulatedHost to = hosts[(int)random.Next(hosts.Count)];
            Run(from, () => Open(from, to));
        }
        if (random.Chance(0.15)) PlanCrash(random, hosts[(int)random.Next(hosts.Count)]);
    }

    private void Run(SimulatedHost host, Func<Task> body)
    {
        Task task = host.Run(body);
        lock (_tasks) _tasks.Add(task);
    }

    private void PlanCrash(DeterministicRandom random, SimulatedHost host)
    {
        Timestamp at = _net.Now + Duration.FromMilliseconds(random.Next(3_000));
        _net.At(at, () =>
        {
            lock (_crashes) _crashes[host.Name] = _crashes.GetValueOrDefault(host.Name) + 1;
            host.Crash();
        });
        if (random.Chance(0.3)) return;
        _net.At(at + Duration.FromMilliseconds(1 + random.Next(5_000)), () =>
        {
            host.Restart();
            Run(host, () => Serve(host));
        });
    }

    /// <summary>Listens, accepts in several places at once, closes, and begins again.</summary>
    private async Task Serve(SimulatedHost host)
    {
        TcpStack tcp = host.Tcp;
        DeterministicRandom random = Random.Fork(NextName("server " + host.Name));
        List<Task> sides = [];
        for (int round = 1 + (int)random.Next(3); round > 0; round--)
        {
            TcpListener listener;
            try
            {
                listener = tcp.Listen(null, Port, (int)Pick(random, [1, 2, 16]));
            }
            catch (SocketException)
            {
                break; // the host crashed, or the network is no more
            }
            DeterministicRandom accepting = random.Fork("accept");
            Task first = Fork(() => Accept(host, listener, accepting, sides));
            Task second = Fork(() => Accept(host, listener, accepting.Fork("2"), sides));
            await Pause(random, 6_000, _stopped.Token);
            if (_isHosted && round == 1) await Pause(random.Fork("late"), 20_000, _stopped.Token);
            listener.Close();
            await Task.WhenAll(first, second);
            await Pause(random, 500, _stopped.Token);
        }
        Task[] all;
        lock (sides) all = [.. sides];
        await Task.WhenAll(all);
    }

    private async Task Accept(SimulatedHost host, TcpListener listener, DeterministicRandom random, List<Task> sides)
    {
        int cuts = 5;
        while (true)
        {
            using StormToken token = new(this, random, cuts > 0 ? 0.3 : 0, CancellationToken.None);
            try
            {
                TcpConnection connection = await listener.AcceptAsync(token.Token);
                Task side = Fork(() => Play(host, connection, "accepted"));
                lock (sides) sides.Add(side);
            }
            catch (OperationCanceledException) when (token.WasCut)
            {
                cuts--;
            }
            catch (Exception end) when (end is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (Exception failure)
            {
                Break($"accept: {failure}");
                return;
            }
        }
    }

    private async Task Open(SimulatedHost from, SimulatedHost to)
    {
        TcpStack tcp = from.Tcp;
        DeterministicRandom random = Random.Fork(NextName("client " + from.Name));
        await Pause(random, 3_000, _stopped.Token);
        for (int tries = 1 + (int)random.Next(3); tries > 0; tries--)
        {
            using CancellationTokenSource patience = Patience(3); // a name has two addresses
            using StormToken token = new(this, random, 0.25, patience.Token);
            TcpConnection? connection = null;
            try
            {
                connection = await OpenOnce(tcp, to, random, token.Token);
            }
            catch (Exception failure)
            {
                if (patience.IsCancellationRequested && !IsStopped) Break($"an attempt to connect that never ends: {failure.Message}");
                bool mayCancel = token.WasCut || IsStopped;
                if (StormErrors.NameOf(failure, mayCancel) is null) Break($"connect: {failure}");
            }
            if (connection is not null) await Play(from, connection, "opened");
            if (!await Pause(random, 1_000, _stopped.Token)) return;
        }
    }

    private static async Task<TcpConnection> OpenOnce(TcpStack tcp, SimulatedHost to, DeterministicRandom random, CancellationToken ct)
    {
        switch (random.Next(5))
        {
            case 0:
                return await tcp.ConnectAsync(to.Name, Port, ct: ct);
            case 1:
                return await tcp.ConnectAsync(to.AddressV6, Port, ct: ct);
            case 2:
                return tcp.BeginConnect(to.Address, Port); // used before it is open
            case 3:
                TcpConnection connection = tcp.BeginConnect(to.Address, Port);
                try
                {
                    await connection.WhenConnected(ct);
                }
                catch (Exception)
                {
                    connection.Close();
                    throw;
                }
                return connection;
            default:
                return await tcp.ConnectAsync(to.Address, Port, ct: ct);
        }
    }

    private async Task Play(SimulatedHost host, TcpConnection connection, string role)
    {
        StormSide side = new(this, host, connection, NextName($"{role} on {host.Name}"));
        lock (_sides) _sides.Add(side);
        await side.Play();
    }

    private string NextName(string role) => $"{role} #{Interlocked.Increment(ref _names)}";

    private static long Pick(DeterministicRandom random, ReadOnlySpan<long> choices) => choices[(int)random.Next(choices.Length)];
}
