using Synfin.Cli.CommandLine;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary>A command of "synfin" that runs in this process.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _interrupt = new();
    private readonly MemoryStream _octets = new();
    private MemoryCommandHost? _host;

    public RunningCommand(CommandWorld world, string[] arguments, Stream input, Stream? output)
    {
        var context = new CommandContext(new Terminal(IsInteractive: false, Terminal.DefaultWidth, RefusesColor: false), Output, Error)
        {
            OpenInput = () => input,
            OpenOutput = () => output ?? _octets,
            OpenHost = (settings, _, _) => _host = new MemoryCommandHost(world.Server, world.Network.ServerAddresses, settings.Device)
            {
                // There is no DHCP server in memory.
                IsReady = !settings.Dhcp,
            },
            AddressPatience = TimeSpan.FromMilliseconds(50),
            StatusFolder = world.StatusFolder,
            Interrupt = _interrupt.Token,
        };
        ExitCode = Task.Run(() => SynfinCommandLine.RunAsync(arguments, context)).WaitAsync(_patience);
    }

    public WatchedText Output { get; } = new();

    public WatchedText Error { get; } = new();

    /// <summary>Completes when the command has ended.</summary>
    public Task<int> ExitCode { get; }

    /// <summary>What went to standard output as octets; when the command has ended.</summary>
    public byte[] Octets => _octets.ToArray();

    /// <summary>Waits until a line of standard error says so.</summary>
    public Task Says(string part) => Error.Contains(part).WaitAsync(_patience, TestContext.Current.CancellationToken);

    /// <summary>Waits until a line of standard output says so.</summary>
    public Task Shows(string part) => Output.Contains(part).WaitAsync(_patience, TestContext.Current.CancellationToken);

    /// <summary>The device is taken away.</summary>
    public void LoseDevice(string message) => _host!.Lose(message);

    /// <summary>As Ctrl-C.</summary>
    public async Task<int> InterruptAsync()
    {
        await _interrupt.CancelAsync();
        return await ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _interrupt.CancelAsync();
        await ((Task)ExitCode).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host is { } host) await host.DisposeAsync();
        await _octets.DisposeAsync();
        _interrupt.Dispose();
    }
}
