using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Linux;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>Runs a script against this machine's kernel, in a namespace of its own that is set up as scripts expect.</summary>
internal static class KernelStage
{
    /// <summary>
    /// What a busy machine may add to a time, besides the eighth that each script allows, and the kernel's ticks of up to 10 ms:
    /// <c>SYNFIN_KERNEL_TOLERANCE</c> in milliseconds, or 40.
    /// </summary>
    private static readonly Timers.Duration _tolerance = Timers.Duration.FromMilliseconds(
        int.TryParse(Environment.GetEnvironmentVariable("SYNFIN_KERNEL_TOLERANCE"), out int milliseconds) ? milliseconds : 40);

    public static ScriptOutcome Run(Script script, IpVersion version)
    {
        using NetworkNamespace kernel = NetworkNamespace.Create("drill");
        var addresses = new DrillAddresses(version, script.Options);
        using TunDevice device = kernel.Run(() =>
        {
            Configure();
            TunDevice made = TunDevice.Open(new TunDeviceOptions { Name = "drill0", Offloads = false });
            made.Mtu = addresses.Mtu;
            made.Up();
            return made;
        });
        kernel.Execute("ip", "address", "add", $"{addresses.Local}/{(version is IpVersion.Ipv6 ? "48" : "16")}", "dev", "drill0", "nodad");
        kernel.Execute("ip", "route", "add", addresses.Remote.ToString(), "dev", "drill0");
        return kernel.Run(() =>
        {
            using var stack = new KernelUnderTest(device);
            var options = new RunnerOptions { Match = new MatchOptions { Tolerance = _tolerance } };
            return new ScriptRunner(script, stack, addresses, options, new KernelExtras(stack)).Run();
        });
    }

    /// <summary>Sets a knob of the namespace that this thread is in.</summary>
    public static void Set(string name, string value) => File.WriteAllText($"/proc/sys/net/{name}", value);

    private static void Configure()
    {
        Set("ipv6/conf/all/accept_ra", "0");
        Set("ipv6/conf/all/router_solicitations", "0");
        Set("ipv4/conf/all/rp_filter", "0");
        Set("ipv4/tcp_rmem", "4096 540000 15728640");
        Set("ipv4/tcp_wmem", "4096 2097152 8388608");
        Set("ipv4/tcp_slow_start_after_idle", "0");
        Set("ipv4/tcp_ecn", "0");
        Set("ipv4/tcp_fastopen", "0");
        Set("ipv4/tcp_no_metrics_save", "1");
        Set("ipv4/tcp_autocorking", "0");
    }
}
