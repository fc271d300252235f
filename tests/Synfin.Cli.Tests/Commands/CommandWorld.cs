using Synfin.Sockets;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary>Two hosts in memory: commands run on one, the test is at the other. Sockets of status are in a folder of its own.</summary>
internal sealed class CommandWorld : IAsyncDisposable
{
    private readonly List<RunningCommand> _commands = [];

    public CommandWorld()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the commands' status sockets need the modes of Unix files");
        StatusFolder = Directory.CreateTempSubdirectory("synfin-status-").FullName;
    }

    public MemoryNetwork Network { get; } = new();

    /// <summary>The test's end: 10.0.0.1, "client".</summary>
    public TcpStack Client => Network.Client;

    /// <summary>The commands' end: 10.0.0.2, "server".</summary>
    public TcpStack Server => Network.Server;

    public string StatusFolder { get; }

    /// <summary>Runs "synfin" with these arguments and a device.</summary>
    public RunningCommand Start(string arguments, Stream? input = null, Stream? output = null)
    {
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var command = new RunningCommand(this, words, input ?? Stream.Null, output);
        _commands.Add(command);
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningCommand command in _commands) await command.DisposeAsync();
        Network.Dispose();
        Directory.Delete(StatusFolder, recursive: true);
    }
}
