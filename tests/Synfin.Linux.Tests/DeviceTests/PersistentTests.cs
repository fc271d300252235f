using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>Devices that outlive the program, and users who are not root.</summary>
[Trait("Needs", "tun")]
public sealed class PersistentTests
{
    private const uint Nobody = 65534;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_persistent_device_stays_and_is_opened_again(bool ethernet, int queues)
    {
        using NetworkNamespace kernel = Kernels.Create();
        var options = new TunDeviceOptions { Name = "synfin0", Persistent = true, Ethernet = ethernet, Queues = queues };
        int index;
        using (TunDevice device = kernel.Run(() => TunDevice.Open(options))) index = device.Index;
        Assert.Contains("synfin0", kernel.Call("ip", "link"), StringComparison.Ordinal);
        using (TunDevice again = kernel.Run(() => TunDevice.Open(options with { Persistent = false }))) Assert.Equal(index, again.Index);
        Assert.Contains("synfin0", kernel.Call("ip", "link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_user_opens_the_device_that_root_made_for_him_with_all_offloads(int queues)
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Call("ip", ["tuntap", "add", "dev", "synfin0", "mode", "tun", .. Flags(queues), "user", "65534"]);
        kernel.Call("ip", "address", "add", "10.9.0.1/24", "dev", "synfin0");
        kernel.Call("ip", "link", "set", "synfin0", "up");
        BecomeNobody(kernel);

        using TunDevice device = kernel.Run(() => TunDevice.Open(new TunDeviceOptions { Name = "synfin0", Queues = queues }));

        Assert.True(device.HasOffloads);
        Assert.Equal(queues, device.Queues.Count);
        // All is done already, so there is nothing that is not allowed.
        device.SetHostAddress(Wire.InternetAddress.FromIpv4(10, 9, 0, 1), 24);
        device.Up();
        device.Mtu = 1500;
        TunException failure = Assert.Throws<TunException>(() => device.Mtu = 9000);
        Assert.Contains("`sudo ip link set dev synfin0 mtu 9000`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_of_somebody_else_is_refused_and_its_owner_named()
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Call("ip", "tuntap", "add", "dev", "synfin0", "mode", "tun", "user", "12345");
        BecomeNobody(kernel);
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("synfin0")));
        Assert.Contains("belongs to the user with id 12345: needs CAP_NET_ADMIN", failure.Message, StringComparison.Ordinal);
        const string Anew = "`sudo ip tuntap del dev synfin0 mode tun && sudo ip tuntap add dev synfin0 mode tun user ";
        Assert.Contains(Anew, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_cannot_make_a_device_and_is_told_all_ways()
    {
        using NetworkNamespace kernel = Kernels.Create();
        BecomeNobody(kernel);
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("synfin0")));
        string[] ways =
        [
            "CAP_NET_ADMIN",
            "sudo ip tuntap add dev synfin0 mode tun user",
            "sudo setcap cap_net_admin+ep ",
            "--cap-add NET_ADMIN --device /dev/net/tun",
        ];
        foreach (string way in ways) Assert.Contains(way, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_who_may_not_open_the_drivers_file_is_told_so()
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Run(() =>
        {
            ThreadPrivileges.HaveTunFile(mode: 0x180);
            ThreadPrivileges.BecomeUser(Nobody);
        });
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("synfin0")));
        Assert.Contains("`sudo chmod 0666 /dev/net/tun`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_drivers_file_the_message_says_how_it_is_made()
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Run(() => ThreadPrivileges.HaveTunFile(mode: null));
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("synfin0")));
        Assert.Equal(2, failure.ErrorNumber);
        foreach (string way in (string[])["modprobe tun", "mknod /dev/net/tun c 10 200", "--device /dev/net/tun"])
            Assert.Contains(way, failure.Message, StringComparison.Ordinal);
    }

    private static string[] Flags(int queues) => queues > 1 ? ["multi_queue"] : [];

    private static void BecomeNobody(NetworkNamespace kernel) => kernel.Run(() =>
    {
        ThreadPrivileges.HaveTunFile(mode: 0x1B6);
        ThreadPrivileges.BecomeUser(Nobody);
    });
}
