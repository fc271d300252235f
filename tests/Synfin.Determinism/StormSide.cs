using System.Globalization;
using System.Net.Sockets;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Determinism;

/// <summary>One end of a connection in the hands of an application without manners. It remembers what was promised to it.</summary>
internal sealed partial class StormSide
{
    private readonly AppStorm _storm;
    private readonly SimulatedHost _host;
    private readonly TcpConnection _connection;
    private readonly string _name;
    private readonly DeterministicRandom _random;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenSource _over = new();
    private readonly int _writtenStream;
    private readonly int _readStream;
    private readonly int _crashes;
    private readonly StormFace _face;
    private readonly TcpStream _stream;
    private readonly TcpDuplexPipe _pipe;
    private readonly List<string> _seen = [];
    private volatile bool _left;
    private volatile bool _endsStream;

    public StormSide(AppStorm storm, SimulatedHost host, TcpConnection connection, string name)
    {
        _storm = storm;
        _host = host;
        _connection = connection;
        _name = name;
        _random = storm.Random.Fork(name);
        _patience = storm.Patience();
        Tuple = connection.Tuple;
        (_writtenStream, _readStream) = StormPattern.StreamsOf(connection.Tuple);
        _crashes = storm.CrashesOf(host);
        _face = (StormFace)_random.Next(3);
        _stream = new TcpStream(connection);
        _pipe = new TcpDuplexPipe(connection);
    }

    public FourTuple Tuple { get; }

    /// <summary>Octets that may have been handed over.</summary>
    public long Offered { get; private set; }

    /// <summary>Octets that certainly were handed over.</summary>
    public long Accepted { get; private set; }

    /// <summary>Octets that the peer's stack has, as WhenDrained said.</summary>
    public long Drained { get; private set; }

    public long Read { get; private set; }

    /// <summary>With what was looked at and left.</summary>
    public long Seen => Read + _leftUnread;

    public bool SawEnd { get; private set; }

    /// <summary>Whether the reading ended by what came, or did not come, from the peer.</summary>
    public bool WasEndedByPeer { get; private set; }

    /// <summary>Whether this end closed its direction in order, or might have.</summary>
    public bool EndsStream => _endsStream;

    /// <summary>Whether the host lost its memory meanwhile.</summary>
    public bool Crashed => _storm.CrashesOf(_host) != _crashes;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_name} {_face}: offered {Offered}, accepted {Accepted}, drained {Drained}, read {Read}{(SawEnd ? " to the end" : "")}; ")
        + string.Join("; ", _seen);

    /// <summary>Uses the connection until it has ended.</summary>
    public async Task Play()
    {
        using CancellationTokenRegistration atEnd = _patience.Token.UnsafeRegister(static s => ((StormSide)s!).LosePatience(), this);
        Task disturbing = _storm.Fork(Disturb);
        Task watching = _storm.Fork(Watch);
        Task writing = _storm.Fork(() => _face is StormFace.Pipe ? WritePipe() : Write());
        Task reading = _storm.Fork(() => _face is StormFace.Pipe ? ReadPipe() : ReadAll());
        await Task.WhenAll(writing, reading);
        Leave();
        await Try("close", async () => await _connection.CloseAsync());
        _over.Cancel();
        await Task.WhenAll(disturbing, watching);
        Note($"ended {_connection.CloseReason}");
        _patience.Dispose();
        _over.Dispose();
    }

    /// <summary>The end of a wait that a promise says has another end: what is waited for is there.</summary>
    private void LosePatience()
    {
        Note("no patience");
        if (_storm.IsStopped) return;
        TcpStatus status = _connection.Status();
        // A connection that has just ended has told who waits; on other threads they may not have heard it yet.
        bool isOpen = status.State is not (TcpState.Closed or TcpState.TimeWait);
        if (_isReading && status.ReceiveQueue > _leftUnread) Break($"a read waits, but {status.ReceiveQueue} octets are there");
        if (isOpen && _isWriting && status.SendQueue == 0) Break("a write waits, but the send buffer is empty");
        if (isOpen && _isDraining && status.SendQueue == 0 && !_endsStream) Break("WhenDrained waits, but all was acknowledged");
        if (!isOpen && _isReading && !_storm.MayLag) Break("a read waits, but the connection has ended");
        Leave();
        _connection.Abort();
    }

    /// <summary>From now on the end is of our own making.</summary>
    private void Leave()
    {
        _left = true;
        _endsStream = true;
    }

    /// <summary>What another part of an application does at the wrong moment.</summary>
    private async Task Disturb()
    {
        DeterministicRandom random = _random.Fork("disturb");
        int times = random.Chance(0.5) ? 0 : 1 + (int)random.Next(3);
        for (int i = 0; i < times; i++)
        {
            if (!await _storm.Pause(random, 600, _over.Token)) return;
            using StormToken token = new(_storm, random, 0.1, _patience.Token);
            await Try("disturb", () => DisturbOnce(random, token.Token), token);
        }
    }

    private async Task DisturbOnce(DeterministicRandom random, CancellationToken ct)
    {
        switch (random.Next(10))
        {
            case 0:
                Leave();
                _connection.Abort();
                break;
            case 1:
                Leave();
                await _stream.DisposeAsync();
                break;
            case 2:
                Leave();
                await _connection.CloseAsync(ct);
                break;
            case 3 when _face is not StormFace.Pipe:
                _endsStream = true;
                await _connection.CompleteWritesAsync();
                break;
            case 4 or 5 when _face is StormFace.Pipe:
                _pipe.Input.CancelPendingRead();
                break;
            case 6 or 7 when _face is StormFace.Pipe:
                _pipe.Output.CancelPendingFlush();
                break;
            case 8:
                _connection.SetOptions(_connection.Options with { NoDelay = random.Chance(0.5), Cork = random.Chance(0.3) });
                break;
            default:
                _connection.Status();
                break;
        }
    }

    /// <summary>Waits for what others do.</summary>
    private async Task Watch()
    {
        DeterministicRandom random = _random.Fork("watch");
        for (int i = (int)random.Next(3); i > 0; i--)
        {
            if (!await _storm.Pause(random, 300, _over.Token)) return;
            using StormToken token = new(_storm, random, 0.7, _patience.Token);
            bool ended = await Try("watch", async () => await _connection.WhenEnded(token.Token), token);
            if (ended && _connection.State is not (TcpState.Closed or TcpState.TimeWait)) Break("WhenEnded completed too early");
        }
    }

    private async Task Drain(DeterministicRandom random)
    {
        long before = Accepted;
        using StormToken token = new(_storm, random, 0.4, _patience.Token);
        _isDraining = true;
        bool drained = await Try("drain", async () => await _connection.WhenDrained(token.Token), token);
        _isDraining = false;
        if (drained) Drained = Math.Max(Drained, before);
    }

    private void Note(string what)
    {
        lock (_seen) _seen.Add(what);
    }

    private void Break(string what) => _storm.Break($"{_name} ({_face}, {_connection.Tuple}): {what}");

    /// <summary>Lets pass what is documented, and nothing else.</summary>
    /// <returns>Whether it went well.</returns>
    private async Task<bool> Try(string what, Func<Task> call, StormToken? token = null)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception failure)
        {
            bool mayCancel = token is not null && (token.WasCut || _patience.IsCancellationRequested);
            string? name = StormErrors.NameOf(failure, mayCancel || _patience.IsCancellationRequested);
            if (failure is ObjectDisposedException && !_left && !_storm.IsStopped) name = null;
            // Half-closing while a write waits is the misuse that it is taken for.
            bool isMisuse = failure is InvalidOperationException && what == "disturb"
                && failure.Message.StartsWith("Another write", StringComparison.Ordinal);
            if (isMisuse) name = "misuse";
            if (name is null) Break($"{what}: {failure}");
            Note($"{what}: {name}");
            return false;
        }
    }
}
