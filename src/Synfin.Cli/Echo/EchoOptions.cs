namespace Synfin.Cli.Echo;

/// <summary>What `synfin echo` was asked to do, as typed.</summary>
public sealed record EchoOptions
{
    /// <summary>The TUN device's name.</summary>
    public required string Tun { get; init; }

    /// <summary>Our address and prefix, such as 10.9.0.2/24.</summary>
    public required string Address { get; init; }

    /// <summary>The kernel's address and prefix, such as 10.9.0.1/24.</summary>
    public required string HostAddress { get; init; }

    /// <summary>The port to serve, 1 to 65,535.</summary>
    public int Port { get; init; } = 7;

    /// <summary>Records ladders and prints each connection's when it ends; null for none.</summary>
    public EchoLadders? Ladders { get; init; }

    /// <summary>A capture file to write, or null.</summary>
    public string? PcapPath { get; init; }
}
