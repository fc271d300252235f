using Xunit;

namespace Synfin.Oracle.Tests;

/// <summary>What a test needs of the machine; without it the test is skipped, with the reason.</summary>
internal static class Needs
{
    /// <summary>
    /// Those who ask the kernel do it one after the other: a program that one starts holds the other's sockets open until it runs.
    /// </summary>
    public const string OneKernel = "one kernel";

    public static void Kernel()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, for a network namespace and a TUN device of its own");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip") || File.Exists("/usr/bin/ip"), "needs the program `ip`");
        bool setting = File.Exists("/proc/sys/net/ipv4/tcp_rto_min_us");
        Assert.SkipUnless(setting, "needs Linux 6.11, where the smallest RTO can be set: the kernel runs in real time");
    }

    /// <summary>A file of this repository.</summary>
    public static string Document(string path)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Synfin.slnx"))) return Path.Combine(folder, path);
        }
        throw new FileNotFoundException($"{path}: no folder above {AppContext.BaseDirectory} has Synfin.slnx");
    }
}
