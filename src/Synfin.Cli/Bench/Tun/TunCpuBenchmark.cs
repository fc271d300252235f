namespace Synfin.Cli.Bench.Tun;

/// <summary>tun.cpu-seconds-per-gigabyte.*: the CPU time of the whole process, the kernel's half of the conversation included.</summary>
/// <param name="sends">Whether Synfin sends.</param>
/// <param name="ofKernel">Whether the kernel's time is counted, or the program's own.</param>
internal sealed class TunCpuBenchmark(bool sends, bool ofKernel) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => $"tun.cpu-seconds-per-gigabyte.{(sends ? "send" : "receive")}.{(ofKernel ? "kernel" : "user")}";

    /// <inheritdoc/>
    public string Unit => "s/GB";

    /// <inheritdoc/>
    public string What =>
        $"CPU time {(ofKernel ? "in the kernel, the peer's TCP included," : "of the process, kernel apart,")} for 10^9 octets of "
        + (sends ? "tun.send" : "tun.receive");

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using var world = new TunWorld();
        Environment.ProcessCpuUsage before = Environment.CpuUsage;
        (_, long octets) = sends ? TunFlow.Send(world, world.Host.Tcp, budget) : TunFlow.Receive(world, world.Host.Tcp, budget);
        Environment.ProcessCpuUsage after = Environment.CpuUsage;
        TimeSpan used = ofKernel ? after.PrivilegedTime - before.PrivilegedTime : after.UserTime - before.UserTime;
        return used.TotalSeconds / (octets / 1e9);
    }
}
