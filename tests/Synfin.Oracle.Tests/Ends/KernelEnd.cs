using Synfin.Oracle.Tests.Scripts;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>A socket of the kernel as the host under test of one script; many share a device and a namespace.</summary>
internal sealed class KernelEnd : IDisposable
{
    private const int None = -1;

    private readonly Settings _settings;
    private readonly List<Reply> _replies = [];
    private int _listener = None;
    private int _connection = None;
    private bool _accepted;
    private string _call = "";

    public KernelEnd(Script script, FourTuple tuple, Settings settings)
    {
        Script = script;
        View = new WireView(tuple);
        _settings = settings;
        if (!script.Listens) return;
        _listener = OpenSocket();
        KernelCalls.Listen(_listener, 16);
    }

    public Script Script { get; }

    public WireView View { get; }

    public List<Outcome> Outcomes { get; } = [];

    /// <summary>The segment to inject, or null if the step is a call, which is made here.</summary>
    public byte[]? Do(Step step)
    {
        _replies.Clear();
        _call = "";
        if (step.Kind is StepKind.Segment) return View.Build(step);
        if (step.Kind is StepKind.Connect) Connect();
        else if (_connection != None) _call = Call(step);
        return null;
    }

    public void Sent(in Segment seg) => _replies.Add(View.Read(in seg));

    /// <summary>Accepts what can be accepted.</summary>
    public void Accept()
    {
        if (_listener == None || _accepted) return;
        _connection = KernelCalls.Accept(_listener);
        if (_connection < 0) return;
        _accepted = true;
        _call = "accepted";
        KernelCalls.Set(_connection, KernelCalls.SolSocket, KernelCalls.SoOutOfBandInline, 1);
    }

    /// <summary>Ends the step.</summary>
    public void Note(string state)
    {
        int octets = _connection == None ? 0 : KernelCalls.Readable(_connection);
        Outcomes.Add(new Outcome([.. _replies], _call, octets > 0 ? $"{state} readable {octets}" : state, View.At));
    }

    public void Dispose()
    {
        if (_connection != None)
        {
            KernelCalls.SetLingerZero(_connection);
            KernelCalls.Close(_connection);
        }
        if (_listener != None) KernelCalls.Close(_listener);
    }

    private int OpenSocket()
    {
        int socket = KernelCalls.OpenSocket();
        KernelCalls.Set(socket, KernelCalls.SolSocket, KernelCalls.SoReuseAddress, 1);
        KernelCalls.Set(socket, KernelCalls.SolSocket, KernelCalls.SoReceiveBuffer, _settings.KernelBuffer);
        KernelCalls.Set(socket, KernelCalls.SolSocket, KernelCalls.SoOutOfBandInline, 1);
        KernelCalls.Bind(socket, View.Host.LocalAddress, View.Host.LocalPort);
        return socket;
    }

    private void Connect()
    {
        if (_connection != None) return;
        _connection = OpenSocket();
        int error = KernelCalls.Connect(_connection, View.Host.RemoteAddress, View.Host.RemotePort);
        if (Words.Of(error) != "EINPROGRESS") throw new InvalidOperationException($"the kernel does not connect: {Words.Of(error)}");
    }

    private string Call(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Send:
                nint sent = KernelCalls.Send(_connection, new byte[step.Amount]);
                return sent < 0 ? Words.Of(KernelCalls.LastError) : Words.Count((int)sent, sends: true);
            case StepKind.Receive:
                byte[] text = new byte[step.Amount];
                nint received = KernelCalls.Receive(_connection, text);
                if (received < 0) return Words.Of(KernelCalls.LastError);
                return Words.Count((int)received, sends: false) + Words.Text(text.AsSpan(0, (int)received));
            case StepKind.Shutdown:
                KernelCalls.Shutdown(_connection, KernelCalls.ShutdownWrite);
                return "";
            case StepKind.Close:
                Leave();
                return "";
            case StepKind.Abort:
                KernelCalls.SetLingerZero(_connection);
                Leave();
                return "";
            case StepKind.NoDelay:
                KernelCalls.Set(_connection, KernelCalls.Tcp, KernelCalls.TcpNoDelay, 1);
                return "";
            case StepKind.Segment or StepKind.Connect:
            default:
                throw new UnreachableException();
        }
    }

    private void Leave()
    {
        KernelCalls.Close(_connection);
        _connection = None;
    }
}
