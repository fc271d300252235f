using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Running;

/// <summary>A stack that sends what a test tells it, when it tells it, and whose calls return what a test says.</summary>
internal sealed class FakeStack : IStackUnderTest
{
    private readonly Queue<CapturedPacket> _sent = new();
    private readonly List<(Timestamp At, byte[] Packet)> _planned = [];

    /// <summary>The script's start on this stack's clock.</summary>
    public static Timestamp Start => Timestamp.Zero + Duration.FromSeconds(500);

    public Timestamp Now { get; private set; } = Start;

    public bool IsVirtualTime { get; init; } = true;

    /// <summary>What arrived.</summary>
    public List<byte[]> Arrived { get; } = [];

    /// <summary>What calls return; at once 0 unless a test says otherwise.</summary>
    public Func<SocketCall, Duration, SocketResult> OnCall { get; set; } = static (_, _) => new SocketResult(0);

    /// <summary>Plans a packet.</summary>
    public FakeStack Sends(double at, string segment, ushort localPort = 8080, ushort remotePort = 49_152) =>
        Sends(at, Wire.Segment(segment, localPort, remotePort));

    /// <summary>Plans a packet.</summary>
    public FakeStack Sends(double at, byte[] packet)
    {
        _planned.Add((Start + Duration.FromSeconds(at), packet));
        return this;
    }

    public void Advance(Timestamp until)
    {
        if (_planned.Count > 0 && _planned[0].At <= until)
        {
            Now = Timestamp.Max(Now, _planned[0].At);
            SendDue();
        }
        else
        {
            Now = Timestamp.Max(Now, until);
        }
    }

    public void Inject(ReadOnlySpan<byte> ipPacket)
    {
        Arrived.Add(ipPacket.ToArray());
        SendDue();
    }

    public bool TryTakeOutbound(out CapturedPacket packet) => _sent.TryDequeue(out packet);

    public SocketResult Invoke(SocketCall call) => OnCall(call, Now - Start);

    public void Dispose()
    {
    }

    /// <summary>Plays a script to this stack.</summary>
    public ScriptOutcome Play(string script, RunnerOptions? options = null)
    {
        Script parsed = ScriptParser.Parse("x.pkt", script, new Dictionary<string, string>());
        return new ScriptRunner(parsed, this, Wire.Addresses, options ?? new RunnerOptions(), new NoExtras()).Run();
    }

    /// <summary>Plays a script that passes.</summary>
    public IReadOnlyList<string> Passes(string script, RunnerOptions? options = null)
    {
        ScriptOutcome outcome = Play(script, options);
        if (outcome is ScriptOutcome.Failed failed) Assert.Fail($"line {failed.Line}: expected {failed.Expected}; came {failed.Came}");
        return Assert.IsType<ScriptOutcome.Passed>(outcome).Leniencies;
    }

    /// <summary>Plays a script that fails.</summary>
    public ScriptOutcome.Failed Fails(string script, RunnerOptions? options = null) =>
        Assert.IsType<ScriptOutcome.Failed>(Play(script, options));

    private void SendDue()
    {
        while (_planned.Count > 0 && _planned[0].At <= Now)
        {
            _sent.Enqueue(new CapturedPacket(_planned[0].Packet, Now));
            _planned.RemoveAt(0);
        }
    }

    private sealed class NoExtras : IScriptExtras
    {
        public void RunCommand(CommandEvent command) => throw new ScriptSkippedException(command.Line, command.Command);

        public void RunCode(CodeEvent code, int? socket) =>
            throw new ScriptFailedException(code.Line, code.Code.Trim(), $"socket {socket}", Start);
    }
}
