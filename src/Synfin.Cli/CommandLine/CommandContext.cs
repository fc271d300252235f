using Synfin.Cli.Hosts;

namespace Synfin.Cli.CommandLine;

/// <summary>What commands get from the process that runs them, and in tests from the test.</summary>
/// <param name="Terminal">Width and colour.</param>
/// <param name="Output">Text for standard output.</param>
/// <param name="Error">Text for standard error.</param>
internal sealed record CommandContext(Terminal Terminal, TextWriter Output, TextWriter Error)
{
    /// <summary>Text for standard output; many may write at a time.</summary>
    public TextWriter Output { get; } = TextWriter.Synchronized(Output);

    /// <summary>Text for standard error; many may write at a time.</summary>
    public TextWriter Error { get; } = TextWriter.Synchronized(Error);

    /// <summary>Opens standard input for octets.</summary>
    public Func<Stream> OpenInput { get; init; } = StandardStreams.OpenInput;

    /// <summary>Opens standard output for octets.</summary>
    public Func<Stream> OpenOutput { get; init; } = StandardStreams.OpenOutput;

    /// <summary>Opens the host that a command runs on.</summary>
    public HostOpener OpenHost { get; init; } = LinuxDeviceHost.Open;

    /// <summary>The folder of status sockets; null for this user's.</summary>
    public string? StatusFolder { get; init; }

    /// <summary>The clock of what waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long addresses may take that others give.</summary>
    public TimeSpan AddressPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Ends a command as Ctrl-C does.</summary>
    public CancellationToken Interrupt { get; init; }
}
