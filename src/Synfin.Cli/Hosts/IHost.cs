using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Hosts;

/// <summary>A host that commands run on. Disposing ends it.</summary>
internal interface IHost : IAsyncDisposable
{
    /// <summary>What it is on the machine: the device's name.</summary>
    string Device { get; }

    /// <summary>Its sockets.</summary>
    TcpStackGroup Sockets { get; }

    /// <summary>Its addresses at present.</summary>
    IReadOnlyList<InternetAddress> Addresses { get; }

    /// <summary>Waits until it has the addresses that it asks others for, and its own are known to be nobody else's.</summary>
    Task WhenReadyAsync(CancellationToken ct);

    /// <summary>Completes when it has ended; fails with what went wrong, such as a device that was removed.</summary>
    Task Ended { get; }
}
