using Synfin.Oracle.Tests.Scripts;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>Synfin's engine with the Linux profile, in virtual time, as the host under test of one script.</summary>
internal sealed class SynfinEnd : ILink, IStackSignals
{
    private static readonly Duration _step = Duration.FromMilliseconds(40); // TIME-WAIT counts in 16 ms

    private readonly NetworkStack _stack;
    private readonly WireView _view;
    private readonly TcpListener? _listener;
    private readonly List<Reply> _replies = [];
    private TcpConnection? _connection;
    private bool _left;
    private Timestamp _now = new(1_000_000_000);

    private SynfinEnd(Script script, FourTuple tuple, Settings settings)
    {
        _view = new WireView(tuple);
        _stack = new NetworkStack(OptionsFor(settings, script), new StackSecret(17, 19), _now);
        _stack.AddAddress(tuple.LocalAddress);
        if (!script.Listens) return;
        TcpError error = _stack.Listen(tuple.LocalAddress, tuple.LocalPort, 16, null, _now, out _listener);
        if (error is not TcpError.None) throw new InvalidOperationException($"Synfin does not listen: {error}");
    }

    int ILink.Mtu => 1500;

    LinkOffloads ILink.Offloads => LinkOffloads.None;

    int ILink.MaxSuperSegment => 0;

    /// <summary>Runs a script.</summary>
    public static List<Outcome> Run(Script script, FourTuple tuple, Settings settings)
    {
        var end = new SynfinEnd(script, tuple, settings);
        return [.. script.Steps.Select(end.Do)];
    }

    /// <summary>The options with which the engine does what the kernel was set up for.</summary>
    public static StackOptions OptionsFor(Settings settings, Script script) => new()
    {
        Profile = TcpProfile.Linux with
        {
            AcknowledgmentRule = AcknowledgmentRule.TwoFullSegments, // with QuickAck: when ACKs go is not compared
            TailLossProbe = false,
            PushRule = PushRule.LastQueued, // the kernel's device takes no bursts here
            MinimumRto = Duration.FromMilliseconds(Settings.MinimumRto),
            ChallengeAckInterval = Duration.FromMilliseconds(settings.ChallengeLimit ? Settings.LimitInterval : 0),
        },
        ConnectionDefaults = new TcpConnectionOptions { ReceiveBuffer = 2 * settings.KernelBuffer, QuickAck = true },
    };

    bool ILink.Transmit(in OutboundPacket packet)
    {
        byte[] copy = new byte[packet.Length];
        packet.CopyTo(copy);
        var seg = default(Segment);
        if (PacketReader.TryRead(copy, ref seg)) _replies.Add(_view.Read(in seg));
        return true;
    }

    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => _ = signals;

    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;

    private Outcome Do(Step step)
    {
        _replies.Clear();
        string call = "";
        if (step.Kind is StepKind.Segment) _stack.Input(_view.Build(step), default, _now);
        else if (step.Kind is StepKind.Connect) Connect();
        else if (_connection is not null && !_left) call = Call(_connection, step);
        Turn();
        if (_connection is null && _listener?.Accept(_now, out _connection) is TcpError.None) call = "accepted";
        Turn();
        _stack.CheckInvariants();
        _now += _step;
        return new Outcome([.. _replies], call, State(), _view.At);
    }

    private void Turn()
    {
        _stack.OnTime(_now);
        _stack.Output(this, _now);
        _stack.DeliverSignals(this);
    }

    private void Connect()
    {
        FourTuple tuple = _view.Host;
        if (_connection is not null) return;
        TcpError error = _stack.Connect(
            tuple.RemoteAddress, tuple.RemotePort, tuple.LocalAddress, tuple.LocalPort, null, _now, out _connection);
        if (error is not TcpError.None) throw new InvalidOperationException($"Synfin does not connect: {error}");
    }

    private string Call(TcpConnection connection, Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Send:
                return Words.Of(connection.Send(new byte[step.Amount], _now, out int sent), sent, sends: true);
            case StepKind.Receive:
                byte[] text = new byte[step.Amount];
                TcpError error = connection.Receive(text, _now, out int received);
                return Words.Of(error, received, sends: false) + Words.Text(text.AsSpan(0, received));
            case StepKind.Shutdown:
                connection.Shutdown(_now);
                return "";
            case StepKind.Close:
                _left = true;
                connection.Close(_now);
                return "";
            case StepKind.Abort:
                _left = true;
                connection.Abort(_now);
                return "";
            case StepKind.NoDelay:
                connection.SetOptions(connection.Options with { NoDelay = true }, _now);
                return "";
            case StepKind.Segment or StepKind.Connect:
            default:
                throw new UnreachableException();
        }
    }

    private string State()
    {
        string state = _stack.StateOf(_view.Host).ToRfcName();
        return _connection is { Readable: > 0 and var octets } && !_left ? $"{state} readable {octets}" : state;
    }
}
