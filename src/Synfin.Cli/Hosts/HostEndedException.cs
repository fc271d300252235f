namespace Synfin.Cli.Hosts;

/// <summary>A command lost its host, which says itself why: see <see cref="IHost.Ended"/>.</summary>
internal sealed class HostEndedException() : Exception("the host has ended");
