using System.Net;
using Synfin.Tcp;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>A network with TCP on it, as a scenario sees it: the kernel's loopback, or two simulated hosts.</summary>
internal interface IWorld : IDisposable
{
    /// <summary>The clock that its packets go by.</summary>
    TimeProvider Time { get; }

    /// <summary>An address that nobody here has (RFC 5737).</summary>
    static IPAddress Foreign { get; } = IPAddress.Parse("192.0.2.77");

    /// <summary>Listens where <see cref="Connect"/> gets to.</summary>
    IWorldListener Listen(int port = 0, IPAddress? address = null);

    Task<IWorldEnd> Connect(IPEndPoint remote, CancellationToken ct = default);

    /// <summary>A port that answers every SYN with RST.</summary>
    IPEndPoint Nobody();

    /// <summary>A port that answers no SYN at all.</summary>
    Task<IPEndPoint> Silence();

    /// <summary>A name of the host that <see cref="Listen"/> listens on.</summary>
    string HostName { get; }

    /// <summary>HttpClient's handler over this network.</summary>
    SocketsHttpHandler CreateHandler();
}

internal interface IWorldListener : IDisposable
{
    IPEndPoint EndPoint { get; }

    Task<IWorldEnd> Accept(CancellationToken ct = default);
}

/// <summary>One end of a connection.</summary>
internal interface IWorldEnd
{
    Stream Stream { get; }

    IPEndPoint Local { get; }

    IPEndPoint Remote { get; }

    TcpState State { get; }

    /// <summary>Octets that a read would give now.</summary>
    int Available { get; }

    /// <summary>Half-close.</summary>
    Task CompleteWrites();

    /// <summary>RST.</summary>
    void Abort();
}
