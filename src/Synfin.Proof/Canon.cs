using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>
/// Makes the canonical form of a state: sequence numbers count from the ISS that they belong to, times from now, clocks of timestamps from
/// their present value. So states that differ only in when they are reached, or in numbers that were chosen, are one.
/// </summary>
internal sealed class Canon
{
    /// <summary>No number of a connection is farther from its ISS than this; the ISSs of the two ends are much farther apart.</summary>
    private const int Reach = 1 << 20;

    /// <summary>Of what lies further back nothing depends any more: the longest memory is the challenge ACK's limit.</summary>
    private const long LongestMemory = 500_000_000;

    private readonly List<(SequenceNumber Iss, long Name)> _bases = [];
    private Fingerprint _print;
    private Timestamp _now;
    private uint _clockA;
    private uint _clockB;

    /// <summary>The form so far.</summary>
    public UInt128 Value => _print.Value;

    /// <summary>Starts a form.</summary>
    public void Begin(World world)
    {
        _print = new Fingerprint();
        _now = world.Now;
        _bases.Clear();
        foreach (End end in world.Ends)
        {
            foreach (Life life in end.Lives) _bases.Add((life.Iss, (long)(end.Index << 8 | life.Number) << 32));
        }
        _clockA = ClockOf(world.Ends[0]);
        _clockB = ClockOf(world.Ends[1]);
    }

    /// <summary>A value that means the same everywhere.</summary>
    public void Add(long value) => _print.Add(value);

    /// <summary>A sequence number.</summary>
    public void Add(SequenceNumber number) => _print.Add(Relative(number));

    /// <summary>A time.</summary>
    public void Add(Timestamp time) =>
        _print.Add(time.IsSet ? Math.Max(time.Nanoseconds, _now.Nanoseconds - LongestMemory) - _now.Nanoseconds : long.MaxValue);

    /// <summary>A bare number of 32 bits: the value of a timestamp clock, or just a number.</summary>
    public void Add(uint value)
    {
        int fromA = (int)(value - _clockA), fromB = (int)(value - _clockB);
        if (Math.Abs((long)fromA) < Reach) _print.Add(1L << 40 | (uint)fromA);
        else if (Math.Abs((long)fromB) < Reach) _print.Add(2L << 40 | (uint)fromB);
        else _print.Add(value);
    }

    /// <summary>A time in steps of 16 ms, as TIME-WAIT keeps it.</summary>
    public void AddStep(ushort step)
    {
        const long Step = 16_000_000;
        _print.Add(Math.Min((ushort)(_now.Nanoseconds / Step - step), LongestMemory / Step + 2));
    }

    /// <summary>Ranges of numbers.</summary>
    public void Add(SequenceRanges ranges)
    {
        _print.Add(ranges.Count);
        for (int i = 0; i < ranges.Count; i++)
        {
            Add(ranges[i].Left);
            Add(ranges[i].Right);
        }
    }

    /// <summary>Text: how much. What it is follows from its numbers, for what arrives is compared with what was sent.</summary>
    public void Add(PagedBuffer text) => _print.Add(text.Length);

    /// <summary>What is in flight: the ranges and what became of each. When it was sent matters to round-trip times alone.</summary>
    public void Add(Tcp.Flight flight)
    {
        for (int i = 0; i < flight.Count; i++)
        {
            Add(flight[i].Right);
            _print.Add(flight[i].Segments << 8 | (int)flight[i].Marks);
        }
        if (flight.MayUndo)
        {
            Add(flight.UndoFrom);
            _print.Add(flight.UndoSegments);
        }
        if (flight.HasRetransmitTime) Add(flight.RetransmitTime);
    }

    /// <summary>A segment under way.</summary>
    public void Add(in Segment seg)
    {
        _print.Add((int)seg.Flags);
        Add(seg.Seq);
        if (seg.Has(TcpFlags.Ack)) Add(seg.Ack);
        _print.Add(seg.Wnd);
        _print.Add(seg.Text.Length);
        _print.Add((int)seg.Options.Present);
        if (seg.Options.Has(TcpOptionKinds.Timestamps))
        {
            Add(seg.Options.TimestampValue);
            Add(seg.Options.TimestampEchoReply);
        }
        for (int i = 0; i < seg.Options.SackCount; i++)
        {
            Add(seg.Options.SackBlocks[i].Left);
            Add(seg.Options.SackBlocks[i].Right);
        }
    }

    private long Relative(SequenceNumber number)
    {
        long best = number.Value;
        int nearest = Reach;
        foreach ((SequenceNumber iss, long name) in _bases)
        {
            int distance = number - iss;
            if (Math.Abs((long)distance) >= nearest) continue;
            nearest = Math.Abs(distance);
            best = 1L << 60 | name | (uint)distance;
        }
        return best;
    }

    private uint ClockOf(End end) => TimestampClock.Now(_now, TimestampClock.Offset(end.Stack.Secret, end.Tuple));
}
