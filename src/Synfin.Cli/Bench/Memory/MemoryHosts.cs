using System.Diagnostics;
using Synfin.Links;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Bench.Memory;

/// <summary>
/// Two hosts and a wire of frames between them, on one core: every frame is written once, its checksum computed, and verified where it
/// arrives. The clock is real, so that timers do what they do in life.
/// </summary>
internal sealed class MemoryHosts
{
    public static readonly InternetAddress AddressA = InternetAddress.FromIpv4(10, 0, 0, 1);
    public static readonly InternetAddress AddressB = InternetAddress.FromIpv4(10, 0, 0, 2);

    private readonly FrameRing _toA;
    private readonly FrameRing _toB;
    private readonly SoftwareSegmentation _linkA;
    private readonly SoftwareSegmentation _linkB;
    private readonly long _start = Stopwatch.GetTimestamp();

    public MemoryHosts(int mtu, StackOptions? options = null)
    {
        options = (options ?? new StackOptions()) with { Mtu = mtu };
        _toA = new FrameRing(mtu);
        _toB = new FrameRing(mtu);
        _linkA = new SoftwareSegmentation(_toB);
        _linkB = new SoftwareSegmentation(_toA);
        A = new NetworkStack(options, new StackSecret(1, 2), Timestamp.Zero);
        B = new NetworkStack(options, new StackSecret(3, 4), Timestamp.Zero);
        A.AddAddress(AddressA);
        B.AddAddress(AddressB);
    }

    public NetworkStack A { get; }

    public NetworkStack B { get; }

    public Timestamp Now { get; private set; }

    /// <summary>Frames that arrived at either end.</summary>
    public long Frames { get; private set; }

    /// <summary>One turn of both hosts.</summary>
    public void Turn()
    {
        Now = new Timestamp(Stopwatch.GetElapsedTime(_start).Ticks * 100);
        Turn(A, _toA, _linkA);
        Turn(B, _toB, _linkB);
    }

    public TcpListener Listen(ushort port, int backlog = 1024) =>
        B.Listen(AddressB, port, backlog, null, Now, out TcpListener? listener) is TcpError.None
            ? listener!
            : throw new InvalidOperationException("cannot listen");

    public TcpConnection Connect(ushort port, ushort localPort = 0) =>
        A.Connect(AddressB, port, null, localPort, null, Now, out TcpConnection? connection) is TcpError.None
            ? connection!
            : throw new InvalidOperationException("cannot connect");

    /// <summary>An established pair of ends.</summary>
    public (TcpConnection A, TcpConnection B) Open(TcpListener listener, ushort localPort = 0)
    {
        TcpConnection a = Connect(listener.LocalPort, localPort);
        for (int turn = 0; turn < 1000; turn++)
        {
            Turn();
            if (listener.Accept(Now, out TcpConnection? b) is TcpError.None) return (a, b!);
        }
        throw new InvalidOperationException("the handshake did not complete");
    }

    private void Turn(NetworkStack stack, FrameRing arriving, SoftwareSegmentation leaving)
    {
        int frames = arriving.Count;
        Frames += frames;
        for (int i = 0; i < frames; i++)
        {
            stack.Input(arriving.Peek(), default, Now);
            arriving.Dequeue();
        }
        stack.OnTime(Now);
        stack.Output(leaving, Now);
        stack.DeliverSignals(NobodyListens.Instance);
    }

    /// <summary>These loops look at their connections themselves.</summary>
    private sealed class NobodyListens : IStackSignals
    {
        public static readonly NobodyListens Instance = new();

        public void ConnectionSignalled(TcpConnection connection, TcpSignals signals)
        {
        }

        public void ListenerSignalled(TcpListener listener)
        {
        }
    }
}
