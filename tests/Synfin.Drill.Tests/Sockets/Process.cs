using System.Net;
using Synfin.Drill.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>A process with blocking sockets on the engine, and its peer: one call may wait while time passes and segments arrive.</summary>
internal sealed class Process : IDisposable
{
    private const ushort Port = 8080;
    private const ushort PeerPort = 40_000;

    private SocketCall? _waiting;

    public Process(KernelKind kind = KernelKind.Linux, KernelSettings? settings = null)
    {
        World = new EngineWorld(kind, settings);
        Peer = new HandPeer(World, Port, PeerPort);
    }

    public EngineWorld World { get; }

    public HandPeer Peer { get; }

    public IPEndPoint Here => EndPoint(World.Host, Port);

    public IPEndPoint There => EndPoint(World.Peer, PeerPort);

    /// <summary>A process whose socket 4 is an accepted connection of the listener 3.</summary>
    public static Process Established(KernelKind kind = KernelKind.Linux, KernelSettings? settings = null)
    {
        var process = new Process(kind, settings);
        process.Does(new SocketOpenCall(3, false, true, false), "3").Does(new BindCall(3, process.Here), "0")
            .Does(new ListenCall(3, 5), "0");
        process.Peer.Opens();
        process.Does(new AcceptCall(3, 4, false), "4");
        process.Peer.Look();
        return process;
    }

    /// <summary>Makes a call, which gives this result: a value, an errno, or "waits".</summary>
    public Process Does(SocketCall call, string result)
    {
        Assert.Equal(result, Ask(call));
        if (result == "waits") _waiting = call;
        return this;
    }

    /// <summary>The call that waited is over.</summary>
    public Process Ends(string result)
    {
        Assert.NotNull(_waiting);
        return Does(_waiting, result);
    }

    /// <summary>It waits still.</summary>
    public Process Waits() => Ends("waits");

    public Process After(double seconds)
    {
        World.After(Duration.FromSeconds(seconds));
        return this;
    }

    public Process Hears(Action<HandPeer> peer)
    {
        peer(Peer);
        return this;
    }

    public Process Sent(string expected)
    {
        Assert.Equal(expected, Peer.Look());
        return this;
    }

    public void Dispose() => World.Dispose();

    private string Ask(SocketCall call)
    {
        SocketResult result = World.Sockets.Invoke(call, World.Now);
        World.Settle();
        return result.IsPending ? "waits" : result.Errno ?? FormattableString.Invariant($"{result.Value}");
    }

    private static IPEndPoint EndPoint(InternetAddress address, ushort port)
    {
        Span<byte> octets = stackalloc byte[16];
        return new IPEndPoint(new IPAddress(octets[..address.WriteTo(octets)]), port);
    }
}
