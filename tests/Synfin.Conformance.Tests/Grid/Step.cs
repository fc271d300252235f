using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>One step on the way to a state.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Segment">The segment that is received.</param>
/// <param name="Octets">The octets that are written.</param>
internal readonly record struct Step(StepKind Kind, IncomingSegment Segment = default, int Octets = 0)
{
    public static readonly Step Listens = new(StepKind.Listens);
    public static readonly Step Opens = new(StepKind.Opens);
    public static readonly Step Accepts = new(StepKind.Accepts);
    public static readonly Step ShutsDown = new(StepKind.ShutsDown);
    public static readonly Step Closes = new(StepKind.Closes);

    public static Step Writes(int octets) => new(StepKind.Writes, default, octets);

    /// <summary>A segment of the peer's, in numbers relative to both SYNs.</summary>
    public static Step Receives(ControlBits bits, int seq, int ack = 0, int text = 0, uint wnd = 20_000, uint? ts = null)
    {
        uint number = Host.PeerIsn + (uint)seq;
        uint acknowledged = (bits & ControlBits.Ack) != 0 ? Host.OurIsn + (uint)ack : 0;
        return new(StepKind.Receives, new IncomingSegment(bits, number, acknowledged, text, wnd, 0, ts));
    }

    /// <summary>Does it to the engine.</summary>
    public void Do(Host host)
    {
        switch (Kind)
        {
            case StepKind.Listens: Check(host.Listen()); break;
            case StepKind.Opens: Check(host.Connect()); break;
            case StepKind.Receives: host.Arrives(Segment); return;
            case StepKind.Accepts: host.Accept(); break;
            case StepKind.Writes: Check(host.Connection!.Send(new byte[Octets], host.Now, out _)); break;
            case StepKind.ShutsDown: Check(host.Connection!.Shutdown(host.Now)); break;
            case StepKind.Closes: Check(host.Connection!.Close(host.Now)); break;
            default: throw new ArgumentOutOfRangeException(nameof(host), Kind, "no such step");
        }
        host.Turn();
    }

    private static void Check(TcpError error)
    {
        if (error is not TcpError.None) throw new InvalidOperationException($"on the way to the state a call failed: {error}");
    }
}
