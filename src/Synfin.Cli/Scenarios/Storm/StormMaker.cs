using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>Draws worlds. Each part of a world has its own stream of chance, so that a new choice changes no other part.</summary>
internal sealed partial class StormMaker
{
    private static readonly TcpProfile[] _profiles = [TcpProfile.Default, TcpProfile.Rfc, TcpProfile.Linux, TcpProfile.FreeBsd];
    private static readonly int[] _mtus = [576, 1_280, 1_400, 1_500, 1_500, 1_500, 9_000, 65_535];
    private static readonly long[] _rates = [64_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
    private static readonly int[] _delays = [0, 1, 5, 10, 25, 50, 100, 300, 800];

    private readonly ulong _seed;
    private readonly DeterministicRandom _random;

    private StormMaker(ulong seed)
    {
        _seed = seed;
        _random = new DeterministicRandom(seed).Fork("storm");
    }

    /// <summary>The world of a seed.</summary>
    public static StormWorld Make(ulong seed) => new StormMaker(seed).Make();

    private StormWorld Make()
    {
        bool isIpv6 = _random.Fork("family").Chance(0.2);
        SimulatedLinkOptions link = MakeLink(_random.Fork("link"), isIpv6);
        DeterministicRandom shape = _random.Fork("shape");
        int? narrow = !link.Offloads && shape.Chance(0.1) ? Math.Max(isIpv6 ? 1_280 : 576, link.Mtu - 20 - (int)shape.Next(400)) : null;
        return new StormWorld
        {
            Seed = _seed,
            A = MakeStack(_random.Fork("a")),
            B = MakeStack(_random.Fork("b")),
            Link = link,
            NarrowMtu = narrow,
            IsIpv6 = isIpv6,
            Middleboxes = MakeMiddleboxes(_random.Fork("middleboxes")),
            Partitions = MakePartitions(_random.Fork("partitions")),
            Crashes = MakeCrashes(_random.Fork("crashes")),
            Isn = MakeIsn(_random.Fork("isn")),
            Backlog = shape.Chance(0.8) ? 16 : 1 + (int)shape.Next(3),
            Accepted = MakeOptions(_random.Fork("accepted")),
            Connections = MakeConnections(_random.Fork("connections"), link),
        };
    }

    private static SimulatedLinkOptions MakeLink(DeterministicRandom random, bool isIpv6)
    {
        int mtu = Pick(random, _mtus);
        Duration delay = Duration.FromMilliseconds(Pick(random, _delays));
        return new SimulatedLinkOptions
        {
            BitsPerSecond = random.Chance(0.5) ? Pick(random, _rates) : null,
            Delay = delay,
            Jitter = random.Chance(0.3) ? delay / (1 + (int)random.Next(8)) : Duration.Zero,
            QueuePackets = random.Chance(0.3) ? 3 + (int)random.Next(10) : 20 + (int)random.Next(80),
            Mtu = isIpv6 ? Math.Max(1_280, mtu) : mtu,
            Offloads = random.Chance(0.25),
            Loss = Rate(random),
            Duplicate = Rate(random),
            Reorder = Rate(random),
            ReorderDelay = Duration.FromMilliseconds(1 + random.Next(60)),
            Corrupt = Rate(random),
        };
    }

    /// <summary>0 to 20 %: none in half of the worlds, little in most others.</summary>
    private static double Rate(DeterministicRandom random)
    {
        if (random.Chance(0.5)) return 0;
        return random.Chance(0.7) ? random.NextDouble() * 0.03 : random.NextDouble() * 0.2;
    }

    private static StackOptions MakeStack(DeterministicRandom random)
    {
        TcpProfile profile = Pick(random, _profiles) with
        {
            Sack = !random.Chance(0.2),
            Timestamps = !random.Chance(0.25),
            WindowScaling = !random.Chance(0.2),
        };
        return new StackOptions
        {
            Profile = profile,
            MaxPages = random.Chance(0.05) ? 4 + (int)random.Next(60) : 65_536,
            MaxOutOfOrderRanges = random.Chance(0.1) ? 1 + (int)random.Next(8) : 128,
            MaxSackRanges = random.Chance(0.1) ? 1 + (int)random.Next(8) : 256,
            MaxTimeWait = random.Chance(0.1) ? 1 : 1_024,
        };
    }

    private static List<StormMiddlebox> MakeMiddleboxes(DeterministicRandom random)
    {
        List<StormMiddlebox> boxes = [];
        while (boxes.Count < 3 && random.Chance(0.2))
        {
            var kind = (StormMiddleboxKind)random.Next(9);
            var directions = (LinkDirections)(1 + random.Next(3));
            int value = kind switch
            {
                StormMiddleboxKind.ClampMss => Pick(random, [64, 300, 536, 1_200, 1_440]),
                StormMiddleboxKind.ThinAcks => 2 + (int)random.Next(6),
                StormMiddleboxKind.DuplicateSynAck => (int)random.Next(500),
                _ => 0,
            };
            boxes.Add(new StormMiddlebox(kind, directions, value));
        }
        return boxes;
    }

    /// <summary>Bursts of loss, longer partitions that heal, and now and then one that does not.</summary>
    private static List<StormPartition> MakePartitions(DeterministicRandom random)
    {
        List<StormPartition> partitions = [];
        Duration at = Duration.Zero;
        while (partitions.Count < 4 && random.Chance(0.2))
        {
            at += new Duration(random.Next(3_000_000_000));
            var directions = (LinkDirections)(1 + random.Next(3));
            Duration? time = random.NextDouble() switch
            {
                < 0.7 => Duration.FromMilliseconds(1 + random.Next(500)),
                < 0.9 => Duration.FromMilliseconds(1 + random.Next(120_000)),
                _ => null,
            };
            partitions.Add(new StormPartition(at, time, directions));
            if (time is not { } finite) break;
            at += finite;
        }
        return partitions;
    }

    private static List<StormCrash> MakeCrashes(DeterministicRandom random)
    {
        List<StormCrash> crashes = [];
        if (!random.Chance(0.08)) return crashes;
        Duration at = new(random.Next(random.Chance(0.5) ? 200_000_000 : 5_000_000_000));
        Duration? restart = random.Chance(0.6) ? new Duration(1 + random.Next(10_000_000_000)) : null;
        crashes.Add(new StormCrash(random.Chance(0.5) ? "a" : "b", at, restart));
        return crashes;
    }

    /// <summary>A little before, at, or behind a wrap of 2^32 or 2^31.</summary>
    private static StormIsn? MakeIsn(DeterministicRandom random)
    {
        if (random.Chance(0.5)) return null;
        uint wrap = random.Chance(0.5) ? 0 : 0x8000_0000;
        long before = random.NextDouble() switch
        {
            < 0.4 => random.Next(4) - 1,
            < 0.7 => random.Next(3_000),
            _ => random.Next(100_000),
        };
        return new StormIsn(random.Chance(0.5) ? "a" : "b", unchecked(wrap - (uint)before));
    }

    private static T Pick<T>(DeterministicRandom random, ReadOnlySpan<T> choices) => choices[(int)random.Next(choices.Length)];
}
