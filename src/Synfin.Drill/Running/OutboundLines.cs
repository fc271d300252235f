using System;
using Synfin.Drill.Language;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>
/// The lines of a script that want a packet: each takes the next one of its connection, compares it, and compares its time.
/// </summary>
internal sealed class OutboundLines(RunState state, MatchOptions options)
{
    /// <summary>How long a line that wants a packet at any time waits for it: keep-alives come after hours.</summary>
    private static readonly Duration _patience = Duration.FromSeconds(86_400);

    /// <summary>The same where time is real.</summary>
    private static readonly Duration _realPatience = Duration.FromSeconds(60);

    /// <summary>How much longer one that is late is waited for, to say how late it is.</summary>
    private static readonly Duration _lookOn = Duration.FromSeconds(600);

    private readonly SegmentMatcher _matcher = new(options);

    /// <summary>Expects a line's packet.</summary>
    /// <exception cref="ScriptFailedException">None came, or another, or at another time.</exception>
    public void Expect(PacketEvent e, in DueTime due)
    {
        switch (e.Packet)
        {
            case ScriptSegment segment:
                ExpectSegment(e, segment, in due);
                break;
            case ScriptDatagram datagram:
                ExpectDatagram(e, datagram, in due);
                break;
            case ScriptIcmp icmp:
                ExpectIcmp(e, icmp, in due);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void ExpectSegment(PacketEvent e, ScriptSegment wanted, in DueTime due)
    {
        LivePacket first = Take(
            e, p => p.Flow is { } f && state.Flows.IsFor(f, IpProtocol.Tcp, wanted.SourcePort, wanted.DestinationPort), in due);
        Flow flow = first.Flow!;
        state.Flows.Taken(flow, wanted.SourcePort, wanted.DestinationPort);
        Learn(flow, wanted, first);
        ScriptSegment came = first.InScript();
        state.Note(first.Time, isInbound: false, came.Text, e.Line);
        CheckPacket(e, first, came.Text, in due);
        bool mayJoin = !options.StrictSegments && (uint)wanted.Seq == (uint)came.Seq && came.Length > 0;
        ScriptSegment joined = came;
        while (mayJoin && joined.Length < wanted.Length)
        {
            LivePacket next = TakeRest(e, flow, joined, in due);
            ScriptSegment part = next.InScript();
            state.Note(next.Time, isInbound: false, part.Text, e.Line);
            CheckPacket(e, next, part.Text, in due);
            if (_matcher.CompareFragments(came, part, joined.Seq + joined.Length) is { } odd)
                throw Mismatch(e, $"{PacketText.Of(joined)}, then {part.Text}: {odd}", next.Time, in due);
            // CWR goes on the first of the segments that a window's reduction is told with (RFC 3168 6.1.2), FIN and PSH on the last.
            joined = joined with { Length = joined.Length + part.Length, Flags = part.Flags | joined.Flags & (int)TcpFlags.Cwr };
        }
        int leniencies = state.Leniencies.Count;
        string? mismatch = _matcher.Compare(wanted, joined, state.Leniencies);
        for (int i = leniencies; i < state.Leniencies.Count; i++) state.Leniencies[i] = $"line {e.Line}: {state.Leniencies[i]}";
        if (mismatch is not null) throw Mismatch(e, $"{PacketText.Of(joined)}: {mismatch}", first.Time, in due);
    }

    private void ExpectDatagram(PacketEvent e, ScriptDatagram wanted, in DueTime due)
    {
        LivePacket came = Take(
            e, p => p.Flow is { } f && state.Flows.IsFor(f, IpProtocol.Udp, wanted.SourcePort, wanted.DestinationPort), in due);
        state.Flows.Taken(came.Flow!, wanted.SourcePort, wanted.DestinationPort);
        state.Note(came.Time, isInbound: false, came.ToString(), e.Line);
        CheckPacket(e, came, came.ToString(), in due);
        if (came.DataLength != wanted.Length) throw Mismatch(e, $"{came}", came.Time, in due);
    }

    private void ExpectIcmp(PacketEvent e, ScriptIcmp wanted, in DueTime due)
    {
        LivePacket came = Take(e, static p => p.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6, in due);
        bool v6 = came.Protocol == IpProtocol.Icmpv6;
        state.Note(came.Time, isInbound: false, came.ToString(), e.Line);
        CheckPacket(e, came, came.ToString(), in due);
        if (!IcmpNames.TryFind(wanted, v6, out byte type, out byte code))
            throw new ScriptSkippedException(e.Line, $"there is no ICMP message '{wanted.Type} {wanted.Code}' in {(v6 ? "IPv6" : "IPv4")}");
        bool same = came.Icmp == (type, code) && (wanted.Mtu is not { } mtu || mtu == came.IcmpMtu);
        if (!same) throw Mismatch(e, $"{came} instead of type {type} code {code}", came.Time, in due);
    }

    /// <summary>A SYN tells what the script's numbers are on the wire, and each timestamp what an echo of it is.</summary>
    private static void Learn(Flow flow, ScriptSegment wanted, LivePacket came)
    {
        bool syn = (wanted.Flags & (int)TcpFlags.Syn) != 0;
        if (syn && came.IsSyn && !flow.Sent.IsKnown) flow.Sent.Learn(wanted.Seq, (uint)came.Segment!.Seq);
        if (Timestamps(wanted) is { } script && Timestamps(came.Segment!) is { } live) flow.Timestamps.Learn(script.Value, live.Value);
    }

    private static ScriptOption.Timestamps? Timestamps(ScriptSegment segment)
    {
        foreach (ScriptOption option in segment.Options)
        {
            if (option is ScriptOption.Timestamps timestamps) return timestamps;
        }
        return null;
    }

    /// <summary>What can be said of a packet without the others: that it is well-formed, its IP fields and its time.</summary>
    private void CheckPacket(PacketEvent e, LivePacket came, string text, in DueTime due)
    {
        if (came.Flaw is { } flaw) throw Mismatch(e, $"{text}: {flaw}", came.Time, in due);
        if (came.ReservedBits != 0) throw Mismatch(e, $"{text}: reserved bits {came.ReservedBits} are set", came.Time, in due);
        if (SegmentMatcher.Compare(e.Packet.Ip, came) is { } odd) throw Mismatch(e, $"{text}: {odd}", came.Time, in due);
        if (!due.Includes(came.Time)) throw Mismatch(e, $"{text}, {Deviation(came.Time, in due)}", came.Time, in due);
    }

    private static string Deviation(Timestamp time, in DueTime due)
    {
        string tolerance = $"the tolerance is {Seconds.Of(due.Tolerance)}";
        return time < due.From
            ? $"{Seconds.Of(due.From - time)} too early ({tolerance})"
            : $"{Seconds.Of(time - due.To)} too late ({tolerance})";
    }

    /// <summary>Takes the packet that a line is about.</summary>
    private LivePacket Take(PacketEvent e, Func<LivePacket, bool> wanted, in DueTime due)
    {
        Timestamp limit = Limit(in due);
        if (Next(wanted, limit) is { } packet) return packet;
        string searched = Seconds.Of(state.Clock.SinceStart(state.Now));
        LivePacket? late = state.Stack.IsVirtualTime && due.To.IsSet ? Next(wanted, limit + _lookOn) : null;
        if (late is not null) CheckLate(e, late, in due);
        string came = $"nothing until {searched}";
        if (state.Waiting.Count > 0) came += $"; of another connection there is {state.Waiting[0]}";
        throw Mismatch(e, came, state.Now, in due);
    }

    /// <summary>The line fails: something came, too late.</summary>
    private void CheckLate(PacketEvent e, LivePacket late, in DueTime due)
    {
        if (e.Packet is ScriptSegment wanted && late.Flow is { } flow && late.Segment is not null) Learn(flow, wanted, late);
        throw Mismatch(e, $"{late}, {Deviation(late.Time, in due)}", late.Time, in due);
    }

    private LivePacket TakeRest(PacketEvent e, Flow flow, ScriptSegment joined, in DueTime due)
    {
        return Next(p => p.Flow == flow, Limit(in due))
            ?? throw Mismatch(e, $"{PacketText.Of(joined)} and no more until {Seconds.Of(state.Clock.SinceStart(state.Now))}", state.Now,
                in due);
    }

    private Timestamp Limit(in DueTime due) =>
        due.To.IsSet ? due.To + due.Tolerance : state.Now + (state.Stack.IsVirtualTime ? _patience : _realPatience);

    private LivePacket? Next(Func<LivePacket, bool> wanted, Timestamp limit)
    {
        while (true)
        {
            for (int i = 0; i < state.Waiting.Count; i++)
            {
                LivePacket packet = state.Waiting[i];
                if (packet.Protocol != 0 && !wanted(packet)) continue;
                state.Waiting.RemoveAt(i);
                return packet;
            }
            if (state.Now >= limit) return null;
            state.Advance(limit);
        }
    }

    private ScriptFailedException Mismatch(PacketEvent e, string came, Timestamp when, in DueTime due)
    {
        string at = due.To.IsSet ? $" at {Seconds.Of(state.Clock.SinceStart(due.From))}" : "";
        if (due.To.IsSet && due.To != due.From) at += $" to {Seconds.Of(state.Clock.SinceStart(due.To))}";
        return state.Failure(e.Line, $"{e.Packet.Text}{at}", came, when);
    }
}
