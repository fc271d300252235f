using Synfin.Cli.Hosts;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Tests.Commands;

/// <summary>One end of a network in memory as the host that a command runs on.</summary>
internal sealed class MemoryCommandHost(TcpStack stack, IReadOnlyList<InternetAddress> addresses, string device) : IHost
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Device { get; } = device;

    public TcpStackGroup Sockets { get; } = new(stack);

    public IReadOnlyList<InternetAddress> Addresses { get; } = addresses;

    public Task Ended => _ended.Task;

    /// <summary>Whether addresses that others are asked for come.</summary>
    public bool IsReady { get; init; } = true;

    public Task WhenReadyAsync(CancellationToken ct) =>
        IsReady ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

    /// <summary>The device is taken away.</summary>
    public void Lose(string message) => _ended.SetException(new IOException(message));

    public ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        return default;
    }
}
