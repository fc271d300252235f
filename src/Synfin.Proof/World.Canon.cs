using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>A state in its canonical form.</summary>
internal sealed partial class World
{
    private readonly Canon _canon = new();
    private readonly Canon _copy = new();

    /// <summary>The state's fingerprint: equal for states that nothing to come can tell apart.</summary>
    public UInt128 Fingerprint()
    {
        _canon.Begin(this);
        _canon.Add(_accidents);
        foreach (End end in Ends) Add(end);
        for (int from = 0; from < Ends.Length; from++) AddFlights(from);
        return _canon.Value;
    }

    private void Add(End end)
    {
        _canon.Add(end.Step << 8 | (end.Current?.Number ?? -1));
        _canon.Add(end.Lives.Count);
        for (int i = 0; i < end.Lives.Count; i++) Add(end.Lives[i], i == 0 ? null : end.Lives[i - 1]);
        bool again = end.Program.Listens || end.Program.NextOpen(end.Step) < end.Program.Length;
        if (again && end.Lives.Count > 0)
            _canon.Add(Distance(InitialSequenceNumber.Choose(end.Stack.Secret, end.Tuple, Now), end.Lives[^1].Iss));
        _canon.Add(end.Connection is { } known ? (int)known.State : -1);
        if (EngineState.ConnectionOf(end) is { } connection)
        {
            _canon.Add(0xC0);
            FieldReader<TcpConnection>.Read(connection, _canon);
        }
        SynQueue halfOpen = EngineState.HalfOpen(end.Stack);
        int index = halfOpen.Find(end.Tuple);
        if (index >= 0)
        {
            _canon.Add(0x50);
            FieldReader<SynEntry>.Read(halfOpen[index], _canon);
        }
        TimeWaitTable waiting = EngineState.TimeWait(end.Stack);
        index = waiting.Find(end.Tuple);
        if (index < 0) return;
        _canon.Add(0x2A);
        _canon.Add(waiting.DeadlineOf(index));
        FieldReader<TimeWaitEntry>.Read(waiting[index], _canon);
    }

    /// <summary>How far apart two incarnations are matters while one's numbers could be in the other's window.</summary>
    private static int Distance(SequenceNumber later, SequenceNumber earlier)
    {
        const int Apart = 1 << 17;
        return Math.Clamp(later - earlier, -Apart, Apart);
    }

    private void Add(Life life, Life? before)
    {
        if (before is not null) _canon.Add(Distance(life.Iss, before.Iss));
        if (life.Irs is { } irs) _canon.Add(irs);
        _canon.Add(life.Written << 16 | life.Read << 8 | (int)(life.Ended ?? (CloseReason)0xFF));
        _canon.Add((life.FinQueued ? 1 : 0) | (life.Left ? 2 : 0) | (life.EndRead ? 4 : 0) | (life.Established ? 8 : 0)
            | (life.Disturbed ? 16 : 0) | (life.Fin is null ? 0 : 32) | (life.ClosedSecond ? 64 : 0) | (life.TimeWaitOver ? 128 : 0));
        if (life is { TimeWaitSince: { } since, TimeWaitOver: false }) _canon.Add(since + _options.Profile.TimeWait);
    }

    /// <summary>Segments of one direction in their order; copies, which have none, as a set.</summary>
    private void AddFlights(int from)
    {
        UInt128 copies = 0;
        foreach (Flight flight in Flights)
        {
            if (flight.From != from) continue;
            Segment seg = default;
            Packets.Read(flight.Packet, ref seg);
            Canon into = flight.IsCopy ? _copy : _canon;
            if (flight.IsCopy) _copy.Begin(this);
            into.Add(in seg);
            into.Add(flight.SentAt + _msl);
            if (flight.IsCopy) copies += _copy.Value;
        }
        _canon.Add((long)(ulong)(copies >> 64));
        _canon.Add((long)(ulong)copies);
    }
}
