using Xunit;

namespace Synfin.Linux.Tests.Support;

/// <summary>Skips a test, with the reason, where the machine lacks what it needs.</summary>
internal static class Requires
{
    public static void Tun()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, for a network namespace and a TUN device of its own");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
    }

    public static void Program(string name) => Assert.SkipUnless(Find(name), $"needs the program `{name}`");

    private static bool Find(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return Array.Exists([.. folders, "/usr/sbin", "/sbin"], folder => File.Exists(Path.Combine(folder, name)));
    }
}
