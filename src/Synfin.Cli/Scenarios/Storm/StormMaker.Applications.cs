using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>What the applications of a world do.</summary>
internal sealed partial class StormMaker
{
    /// <summary>A slow link or a small buffer moves so many buffers' worth, or seconds' worth, at most.</summary>
    private const int MostBuffers = 100;
    private const int MostSeconds = 30;

    private static readonly int[] _pauses = [100, 100, 100, 3_000, 60_000];

    private static List<StormConnection> MakeConnections(DeterministicRandom random, SimulatedLinkOptions link)
    {
        int count = random.Chance(0.6) ? 1 : 2 + (int)random.Next(4);
        bool together = random.Chance(0.5);
        List<StormConnection> connections = [];
        for (int number = 0; number < count; number++)
        {
            DeterministicRandom own = random.Fork(string.Create(null, $"connection {number}"));
            TcpConnectionOptions options = MakeOptions(own.Fork("options"));
            bool follows = number > 0 && connections[^1].SimultaneousAfter is null && own.Chance(0.3);
            bool simultaneous = own.Chance(0.1) && !follows;
            Duration apart = own.Chance(0.6) ? Duration.Zero : new Duration(own.Next(2 * link.Delay.Nanoseconds + 1));
            StormSide client = MakeSide(own.Fork("client"), link, options);
            StormSide server = MakeSide(own.Fork("server"), link, options);
            client = client with { LongestRead = MakeChunk(own, server.Amount) };
            server = server with { LongestRead = MakeChunk(own, client.Amount) };
            if (client.Ending is StormEnding.AfterPeer && server.Ending is StormEnding.AfterPeer)
                server = server with { Ending = StormEnding.HalfClose }; // both would wait for the other's end
            connections.Add(new StormConnection
            {
                Number = number,
                OpenedByB = follows ? connections[^1].OpenedByB : own.Chance(0.3),
                SimultaneousAfter = simultaneous ? apart : null,
                FollowsLast = follows,
                Start = follows ? MakeQuietTime(own) : number == 0 || together ? Duration.Zero : new Duration(own.Next(2_000_000_000)),
                Options = options,
                Client = client,
                Server = server,
            });
        }
        return connections;
    }

    /// <summary>How long ports stay unused: long enough for what an ABORT left behind on the way, too short for some TIME-WAIT.</summary>
    private static Duration MakeQuietTime(DeterministicRandom random) =>
        new(10_000_000_000 + random.Next(random.Chance(0.7) ? 5_000_000_000 : 300_000_000_000));

    private static StormSide MakeSide(DeterministicRandom random, SimulatedLinkOptions link, TcpConnectionOptions options)
    {
        int amount = MakeAmount(random);
        amount = Math.Min(amount, MostBuffers * Math.Min(options.SendBuffer, options.ReceiveBuffer));
        if (link.BitsPerSecond is { } rate) amount = (int)Math.Min(amount, rate / 8 * MostSeconds);
        bool pauses = random.Chance(0.3);
        return new StormSide
        {
            Amount = amount,
            LongestWrite = MakeChunk(random, amount),
            PauseChance = pauses ? 0.2 : 0,
            LongestPause = pauses ? Duration.FromMilliseconds(1 + random.Next(Pick(random, _pauses))) : Duration.Zero,
            IsFickle = random.Chance(0.15),
            Ending = random.NextDouble() switch
            {
                < 0.6 => StormEnding.HalfClose,
                < 0.8 => StormEnding.AfterPeer,
                < 0.93 => StormEnding.Cut,
                _ => StormEnding.StopReading,
            },
            WaitsForEnd = random.Chance(0.5),
            AbortAfter = random.Chance(0.06) ? new Duration(random.Next(random.Chance(0.5) ? 100_000_000 : 3_000_000_000)) : null,
        };
    }

    private static int MakeAmount(DeterministicRandom random) => random.NextDouble() switch
    {
        < 0.15 => 0,
        < 0.5 => (int)random.Next(3_000),
        < 0.85 => (int)random.Next(30_000),
        < 0.97 => (int)random.Next(100_000),
        _ => (int)random.Next(300_000),
    };

    /// <summary>Small pieces, but not so small that a stream has more than some hundreds.</summary>
    private static int MakeChunk(DeterministicRandom random, int amount) =>
        Math.Max(random.Chance(0.4) ? 1 + (int)random.Next(2_000) : 65_536, Math.Max(1, amount / 200));

    private static TcpConnectionOptions MakeOptions(DeterministicRandom random)
    {
        bool patient = random.Chance(0.8);
        return new TcpConnectionOptions
        {
            ReceiveBuffer = MakeBuffer(random),
            SendBuffer = MakeBuffer(random),
            NoDelay = random.Chance(0.3),
            Cork = random.Chance(0.1),
            QuickAck = random.Chance(0.2),
            MaximumSegmentSize = random.Chance(0.1) ? 88 + (int)random.Next(1_000) : 0,
            KeepAlive = !patient && random.Chance(0.5),
            KeepAliveTime = Duration.FromSeconds(1 + random.Next(30)),
            KeepAliveInterval = Duration.FromSeconds(1 + random.Next(10)),
            KeepAliveProbes = 2 + (int)random.Next(8),
            UserTimeout = !patient && random.Chance(0.5) ? Duration.FromMilliseconds(100 + random.Next(30_000)) : Duration.Zero,
            Linger = !patient && random.Chance(0.3) ? Duration.FromMilliseconds(random.Chance(0.3) ? 0 : random.Next(5_000)) : null,
        };
    }

    private static int MakeBuffer(DeterministicRandom random) => random.NextDouble() switch
    {
        < 0.15 => 1_024 + (int)random.Next(1_000),
        < 0.4 => 1_024 + (int)random.Next(16_000),
        < 0.7 => 65_536,
        _ => 1_048_576,
    };
}
