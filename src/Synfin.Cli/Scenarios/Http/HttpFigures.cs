using Synfin.Captures.Ladders;
using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>What a run cost: counted from its packets, its ladder and its hosts' counters.</summary>
internal sealed record HttpFigures
{
    private static readonly int _states = Enum.GetValues<TcpState>().Length;

    /// <summary>Connections that were opened, or tried.</summary>
    public required int Connections { get; init; }

    /// <summary>Segments with SYN, from both.</summary>
    public required int Syns { get; init; }

    /// <summary>Segments from both.</summary>
    public required int Segments { get; init; }

    /// <summary>Segments that never arrived.</summary>
    public required int Lost { get; init; }

    /// <summary>Segments that carried what had been sent before.</summary>
    public required int SentAgain { get; init; }

    /// <summary>Octets of all packets, from the IP header.</summary>
    public required long Octets { get; init; }

    /// <summary>Octets of text in them: HTTP, and TLS around it.</summary>
    public required long TextOctets { get; init; }

    /// <summary>Octets of bodies that the application read.</summary>
    public required long BodyOctets { get; init; }

    /// <summary>From the first request to the end of the last one.</summary>
    public required Duration Time { get; init; }

    /// <summary>How long the first connection took to open; null if none did.</summary>
    public required Duration? Opening { get; init; }

    /// <summary>How long TLS took after that; null without it.</summary>
    public required Duration? Securing { get; init; }

    /// <summary>Requests that were answered in full.</summary>
    public required int Answered { get; init; }

    /// <summary>Requests that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>How often the client entered TIME-WAIT.</summary>
    public required long ClientTimeWaits { get; init; }

    /// <summary>How often the server did.</summary>
    public required long ServerTimeWaits { get; init; }

    /// <summary>Octets of IP and TCP headers.</summary>
    public long HeaderOctets => Octets - TextOctets;

    /// <summary>Requests answered in a virtual second.</summary>
    public double Rate => Time > Duration.Zero ? Answered / Time.Seconds : 0;

    /// <summary>A length of time in round trips of the link.</summary>
    public static double RoundTrips(Duration time) => (double)time.Nanoseconds / (HttpPlan.Delay * 2).Nanoseconds;

    /// <summary>Counts.</summary>
    public static HttpFigures Of(HttpRun run, Ladder ladder)
    {
        int syns = 0, segments = 0;
        long octets = 0, text = 0;
        foreach (PacketRecord packet in run.Network.Packets.Where(p => p.Fate is PacketFate.Sent))
        {
            ReadOnlySpan<byte> span = packet.Packet.Octets.Span;
            octets += span.Length;
            if (IpHeader.TryParse(span, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Tcp) continue;
            ReadOnlySpan<byte> tcp = ip.Payload(span);
            segments++;
            if (((TcpFlags)tcp[13] & TcpFlags.Syn) != 0) syns++;
            text += tcp.Length - (tcp[12] >> 4) * 4;
        }
        HttpDial? opened = run.Dials.FirstOrDefault(d => d.Established is not null);
        return new HttpFigures
        {
            Connections = ladder.Connections.Count,
            Syns = syns,
            Segments = segments,
            Lost = ladder.Connections.Sum(c => c.Verdict.Lost),
            SentAgain = ladder.Connections.Sum(c => c.Verdict.Retransmissions),
            Octets = octets,
            TextOctets = text,
            BodyOctets = run.Outcomes.Sum(o => o.Octets),
            Time = run.Outcomes[^1].End - run.Outcomes[0].Start,
            Opening = opened?.Established - opened?.Start,
            Securing = opened?.Secured - opened?.Established,
            Answered = run.Outcomes.Count(o => o.Error is null),
            Failed = run.Outcomes.Count(o => o.Error is not null),
            ClientTimeWaits = TimeWaits(run.Network[HttpPlan.Client]),
            ServerTimeWaits = TimeWaits(run.Network[HttpPlan.Server]),
        };
    }

    private static long TimeWaits(SimulatedHost host)
    {
        long[] transitions = host.Stack.Counters.Transitions;
        return Enumerable.Range(0, _states).Sum(from => transitions[from * _states + (int)TcpState.TimeWait]);
    }
}
