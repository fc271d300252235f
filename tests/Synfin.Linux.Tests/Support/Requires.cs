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

    public static void Program(string name) => Assert.SkipUnless(Has(name), $"needs the program `{name}`");

    public static bool Has(string name) => Find(name) is not null;

    /// <summary>Where a program is, also among those that only root has on its path; null if nowhere.</summary>
    public static string? Find(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return Array.ConvertAll([.. folders, "/usr/sbin", "/sbin"], folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
