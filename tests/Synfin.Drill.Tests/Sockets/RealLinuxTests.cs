using Synfin.Linux;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>The same rows, asked of the kernel that runs the tests: what the table says of Linux is what Linux does.</summary>
public sealed class RealLinuxTests
{
    private const int Attempts = 5;

    [Fact]
    public void The_table_is_what_this_kernel_does()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, for a network namespace and a TUN device of its own");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        List<string> wrong = [];
        foreach (string row in LinuxRows.All.Select(row => row.Data))
        {
            string told = "";
            // The kernel runs in real time: on a busy machine a timer may end in the middle of a row, or an answer may be late.
            for (int attempt = 0; attempt < Attempts && told != row; attempt++) told = Ask(row);
            if (told != row) wrong.Add($"table:  {row}\nkernel: {told}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static string Ask(string row)
    {
        using NetworkNamespace kernel = NetworkNamespace.Create("sockets");
        return kernel.Run(() =>
        {
            using var world = new KernelWorld();
            try
            {
                return new SocketStory(world).Tell(row);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                return $"the state was not reached: {e.Message}";
            }
        });
    }
}
