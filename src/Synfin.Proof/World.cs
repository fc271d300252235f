using System.Diagnostics;
using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>
/// Two stacks, the segments between them, and the choice of what happens next. A world can be restarted: all numbers are then the same
/// again, for the ISS generator's clock has come round.
/// </summary>
internal sealed partial class World
{
    /// <summary>
    /// M of RFC 6528 comes round after 2^32 steps of 4 us; after 125 of these times the clock is at the same part of a millisecond.
    /// </summary>
    private const long Round = 125L * 4_000 * (1L << 32);

    /// <summary>A run ends long before; the engine's "long ago" lies half of all time before its beginning.</summary>
    private const long Latest = long.MaxValue / 2 - 2 * Round;

    private const ushort PortA = 1_025;
    private const ushort PortB = 80;

    /// <summary>
    /// Between an incarnation's end and the next one's beginning passes a millisecond at least: the clock of the ISS goes on (3.4.1), and
    /// faster than the few numbers that were used.
    /// </summary>
    private static readonly Duration s_afterEnd = Duration.FromMilliseconds(1);

    private static readonly InternetAddress s_addressA = InternetAddress.FromIpv4(10, 0, 0, 1);
    private static readonly InternetAddress s_addressB = InternetAddress.FromIpv4(10, 0, 0, 2);
    private static readonly StackSecret s_secretA = new(1, 2);
    private static readonly StackSecret s_secretB = new(3, 4);

    private readonly Scope _scope;
    private readonly StackOptions _options;
    private readonly IReadOnlyList<Move> _prelude;
    private readonly Duration _msl;
    private Timestamp _start;
    private bool _ended;
    private int _accidents;

    /// <summary>A world in its first state.</summary>
    /// <param name="scope">What it is made of.</param>
    /// <param name="recorder">Who draws what happens, if anybody does.</param>
    public World(Scope scope, LadderRecorder? recorder = null)
    {
        Recorder = recorder;
        recorder?.AddHost("a", s_addressA);
        recorder?.AddHost("b", s_addressB);
        _scope = scope;
        TcpProfile profile = scope.SmallProfile;
        _options = new StackOptions
        {
            Profile = profile,
            SynCookies = false,
            MaxPages = 64,
            ConnectionDefaults = new TcpConnectionOptions { ReceiveBuffer = 4_096, SendBuffer = 4_096 },
        };
        _msl = profile.TimeWait / 2;
        _prelude = Move.ParseRun(scope.Prelude);
        Ends = Renew();
        Restart();
    }

    /// <summary>Both ends, a first.</summary>
    public End[] Ends { get; private set; }

    /// <summary>The time, the same at both.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>What is under way, the oldest first.</summary>
    public List<Flight> Flights { get; } = [];

    /// <summary>The first property that did not hold; null if all did.</summary>
    public Breach? Breach { get; private set; }

    /// <summary>Who draws what happens, if anybody does.</summary>
    public LadderRecorder? Recorder { get; }

    /// <summary>Starts over, up to the end of the prelude.</summary>
    public void Restart()
    {
        Timestamp next = _start + new Duration(Round);
        if (Breach is not null || next.Nanoseconds > Latest)
        {
            Ends = Renew();
        }
        else if (Now != default)
        {
            foreach (End end in Ends) end.Finish(next);
            _start = next;
        }
        Breach = null;
        Now = _start;
        Flights.Clear();
        foreach (End end in Ends) end.Begin();
        foreach (Move move in _prelude) Apply(move);
        _accidents = _scope.Accidents; // those of the prelude are not counted
    }

    /// <summary>A property does not hold; the first one counts.</summary>
    public void Report(string property, string what) => Breach ??= new Breach(property, what);

    /// <summary>An incarnation ended, or a half-open one was forgotten.</summary>
    public void NoteEnd() => _ended = true;

    /// <summary>Whether nothing is under way and no deadline is set: only an application can go on.</summary>
    public bool IsQuiet => Flights.Count == 0 && !Ends[0].Deadline.IsSet && !Ends[1].Deadline.IsSet;

    /// <summary>Whether SYN, text or FIN of an incarnation, of either end, are under way.</summary>
    public bool HasFlightOf(End end, Life life)
    {
        foreach (Flight flight in Flights)
        {
            Segment seg = default;
            Packets.Read(flight.Packet, ref seg);
            SequenceNumber own = flight.From == end.Index ? life.Iss : life.Irs ?? default;
            if (seg.Len > 0 && !seg.Has(TcpFlags.Rst) && seg.Seq - own is >= 0 and < 1 << 16) return true;
        }
        return false;
    }

    /// <summary>An end has sent a packet.</summary>
    internal void Sent(End from, byte[] packet) =>
        Flights.Add(new Flight(from.Index, packet, Now, IsCopy: false, Recorder?.PacketSent(from.Name, packet, Now) ?? -1));

    /// <summary>Does what was chosen; a property that then does not hold is in <see cref="Breach"/>.</summary>
    public void Apply(Move move)
    {
        _ended = false;
        try
        {
            Do(move);
            if (_ended) Now += s_afterEnd;
        }
        catch (Exception e) when (e is InvalidOperationException or UnreachableException or IndexOutOfRangeException
            or NullReferenceException or ArgumentException)
        {
            Report(Properties.Invariants, e.Message);
        }
    }

    private void Do(Move move)
    {
        switch (move.Kind)
        {
            case MoveKind.Deliver or MoveKind.Duplicate:
                Deliver(move);
                break;
            case MoveKind.Lose:
                Recorder?.PacketLost(Flights[move.Index].Id, "lost", Now);
                Flights.RemoveAt(move.Index);
                _accidents--;
                break;
            case MoveKind.Call:
                Call(Ends[move.End], move.Index);
                break;
            case MoveKind.Fire:
                Fire(Ends[move.End]);
                break;
            case MoveKind.Forge:
                _accidents--;
                if (Forgery.Make(Ends[move.End], move.Index) is not { } packet)
                    throw new InvalidOperationException($"'{move}' cannot be forged here");
                int id = Recorder?.PacketSent(Ends[1 - move.End].Name, packet, Now) ?? -1;
                Arrive(Ends[move.End], packet, id);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Deliver(Move move)
    {
        Flight flight = Flights[move.Index];
        _accidents -= CostOfDelivery(move.Index, move.Kind is MoveKind.Duplicate);
        Flights.RemoveAt(move.Index);
        if (move.Kind is MoveKind.Duplicate) Flights.Add(flight with { IsCopy = true });
        Arrive(Ends[1 - flight.From], flight.Packet, flight.Id);
    }

    private void Arrive(End to, byte[] packet, int id)
    {
        Recorder?.PacketDelivered(id, to.Name, Now);
        Segment seg = default;
        Packets.Read(packet, ref seg);
        to.MayReuse(seg.Has(TcpFlags.Syn));
        to.Stack.Input(packet, default, Now);
        to.MayReuse(false);
        to.Turn();
    }

    private static void Call(End end, int alternative)
    {
        end.MayReuse(true);
        end.Call(alternative);
        end.MayReuse(false);
        end.Turn();
    }

    /// <summary>Time passes. What is older than MSL then is no more: a copy just so, anything else counts as lost.</summary>
    private void Fire(End end)
    {
        Timestamp due = Timestamp.Max(Now, end.Deadline);
        _accidents -= CostOfPassing(due);
        for (int i = Flights.Count - 1; i >= 0; i--)
        {
            if (due - Flights[i].SentAt <= _msl) continue;
            Recorder?.PacketLost(Flights[i].Id, "too old", Now);
            Flights.RemoveAt(i);
        }
        Now = due;
        end.Stack.OnTime(Now);
        end.Turn();
    }

    /// <summary>
    /// How many accidents it is if time passes up to a deadline: one for each segment that is then too old, and one if others are late.
    /// </summary>
    private int CostOfPassing(Timestamp due)
    {
        int cost = 0;
        bool late = false;
        foreach (Flight flight in Flights)
        {
            if (flight.IsCopy) continue;
            if (due - flight.SentAt > _msl) cost++;
            else late |= due > Now;
        }
        return cost + (late ? 1 : 0);
    }

    private int CostOfDelivery(int index, bool twice) => (Overtakes(index) ? 1 : 0) + (twice ? 1 : 0);

    private bool Overtakes(int index)
    {
        Flight flight = Flights[index];
        if (flight.IsCopy) return false;
        for (int i = 0; i < index; i++)
        {
            if (!Flights[i].IsCopy && Flights[i].From == flight.From) return true;
        }
        return false;
    }

    private End[] Renew()
    {
        FourTuple tuple = new(s_addressA, PortA, s_addressB, PortB);
        // a's first SYN has the number 2^32 - 2, so that every run goes over the end of the number space.
        uint untilThen = unchecked(uint.MaxValue - 1 - InitialSequenceNumber.Choose(in s_secretA, in tuple, Timestamp.Zero).Value);
        _start = new Timestamp(untilThen * InitialSequenceNumber.ClockPeriod);
        Now = default;
        Ends = new End[2];
        Ends[0] = Make(0, s_secretA, tuple, _scope.A);
        Ends[1] = Make(1, s_secretB, tuple.Reversed, _scope.B);
        return Ends;
    }

    private End Make(int index, StackSecret secret, FourTuple tuple, string program)
    {
        var stack = new NetworkStack(_options, secret, _start);
        var end = new End(this, index, stack, tuple, new AppProgram(program));
        stack.Observer = end;
        return end;
    }
}
