/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of disks, partitions, volumes, arrays and file systems. */
#include "facts_tree.h"

#define DISK "sys/devices/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/block/sda"

static void
make_disk(void)
{
	tree_link("sys/block/sda", "../devices/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/block/sda");
	tree_file(DISK "/dev", "8:0\n");
	tree_file(DISK "/size", "2000409264\n");
	tree_file(DISK "/queue/rotational", "0\n");
	tree_file(DISK "/queue/logical_block_size", "512\n");
	tree_file(DISK "/device/vendor", "ATA     \n");
	tree_file(DISK "/device/model", "EXAMPLE SSD 1T  \n");
	tree_bytes(DISK "/device/vpd_pg80", "\0\x80\0\x08  S3Z001", 12);
	tree_file(DISK "/sda1/partition", "1\n");
	tree_file(DISK "/sda1/dev", "8:1\n");
	tree_file(DISK "/sda1/start", "2048\n");
	tree_file(DISK "/sda1/size", "1048576\n");
	tree_dir(DISK "/sda1/holders/dm-0");
	tree_file("run/udev/data/b8:0", "E:ID_PART_TABLE_TYPE=gpt\n"
	    "E:ID_SERIAL_SHORT=not-this\nE:ID_WWN=0x5002538e00000001\n");
	tree_file("run/udev/data/b8:1", "E:ID_PART_ENTRY_UUID=0f0e-01\n"
	    "E:ID_FS_TYPE=ext4\nE:ID_FS_LABEL=my\\x20disk\n");
}

static void
a_disk_tells_what_it_is_and_how_it_hangs(void **state)
{
	struct json_object *doc;

	(void)state;
	make_disk();
	doc = tree_facts("block_devices");
	tree_text(doc, "/block_devices/items/0/name", "sda");
	tree_text(doc, "/block_devices/items/0/kind", "disk");
	tree_number(doc, "/block_devices/items/0/size_bytes",
	    2000409264LL * 512);
	tree_text(doc, "/block_devices/items/0/model", "EXAMPLE SSD 1T");
	tree_text(doc, "/block_devices/items/0/serial", "S3Z001");
	tree_text(doc, "/block_devices/items/0/transport", "sata");
	tree_text(doc, "/block_devices/items/0/rotational", "false");
	tree_text(doc, "/block_devices/items/0/wwid", "0x5002538e00000001");
	tree_text(doc, "/block_devices/items/0/partition_table", "gpt");
	json_object_put(doc);
}

static void
a_partition_knows_its_disk_and_file_system(void **state)
{
	struct json_object *doc;

	(void)state;
	make_disk();
	doc = tree_facts("partitions");
	tree_text(doc, "/partitions/items/0/name", "sda1");
	tree_text(doc, "/partitions/items/0/disk", "sda");
	tree_number(doc, "/partitions/items/0/start_bytes", 1 << 20);
	tree_number(doc, "/partitions/items/0/size_bytes", 512 << 20);
	tree_text(doc, "/partitions/items/0/part_uuid", "0f0e-01");
	tree_text(doc, "/partitions/items/0/fs_type", "ext4");
	tree_text(doc, "/partitions/items/0/fs_label", "my disk");
	tree_text(doc, "/partitions/items/0/holders/0", "dm-0");
	json_object_put(doc);
}

static void
devices_that_stand_only_in_the_class_are_found(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("sys/class/block/nvme0n1/size", "8\n");
	tree_file("sys/class/block/nvme0n1/device/serial", "N1\n");
	tree_file("sys/class/block/nvme0n1p1/partition", "1\n");
	tree_file("sys/class/block/loop3/size", "0\n");
	doc = tree_facts("block_devices");
	tree_text(doc, "/block_devices/items/0/kind", "loop");
	tree_number(doc, "/block_devices/items/0/size_bytes", 0);
	tree_text(doc, "/block_devices/items/1/name", "nvme0n1");
	tree_text(doc, "/block_devices/items/1/serial", "N1");
	tree_text(doc, "/block_devices/items/1/transport", "nvme");
	tree_none(doc, "/block_devices/items/2");
	tree_none(doc, "/block_devices/error");
	json_object_put(doc);
}

static void
a_logical_volume_is_split_at_the_single_dash(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("sys/block/dm-0/dm/name", "my--vg-root--fs\n");
	tree_file("sys/block/dm-0/dm/uuid", "LVM-abc\n");
	tree_file("sys/block/dm-0/size", "16\n");
	tree_dir("sys/block/dm-0/slaves/sda1");
	tree_file("sys/block/dm-1/dm/name", "swap_crypt\n");
	tree_file("sys/block/dm-1/dm/uuid", "CRYPT-LUKS2-1-swap_crypt\n");
	doc = tree_facts("volumes");
	tree_text(doc, "/volumes/items/0/group", "my-vg");
	tree_text(doc, "/volumes/items/0/volume", "root-fs");
	tree_number(doc, "/volumes/items/0/size_bytes", 8192);
	tree_text(doc, "/volumes/items/0/slaves/0", "sda1");
	tree_text(doc, "/volumes/items/1/kind", "crypt");
	tree_none(doc, "/volumes/items/1/group");
	json_object_put(doc);
}

static void
an_array_takes_its_uuid_from_sysfs(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/mdstat", "md0 : active raid1 sdb1[1] sda1[0](F)\n"
	    "      1024 blocks super 1.2 [2/1] [_U]\n");
	tree_file("sys/block/md0/md/uuid", "1234-abcd\n");
	doc = tree_facts("md");
	tree_text(doc, "/md/items/0/uuid", "1234-abcd");
	tree_text(doc, "/md/items/0/degraded", "true");
	tree_number(doc, "/md/items/0/devices_active", 1);
	tree_number(doc, "/md/items/0/devices_failed", 1);
	json_object_put(doc);
}

static void
an_array_without_mdstat_is_told_by_sysfs(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("sys/block/md7/md/array_state", "clean\n");
	tree_file("sys/block/md7/md/level", "raid6\n");
	tree_file("sys/block/md7/md/raid_disks", "6\n");
	doc = tree_facts("md");
	tree_text(doc, "/md/items/0/state", "clean");
	tree_number(doc, "/md/items/0/devices_wanted", 6);
	json_object_put(doc);
}

/* A bind mount is the same file system; proc holds no data. */
static void
a_file_system_is_told_once_and_by_its_root(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/self/mountinfo",
	    "1 0 8:1 /var/lib/x /etc/x rw - ext4 /dev/sda1 rw\n"
	    "2 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
	    "3 0 0:4 / /proc rw - proc proc rw\n"
	    "4 0 0:5 / /net rw - nfs4 srv:/export ro\n"
	    "5 0 7:1 / /snap/a ro - squashfs /dev/loop1 ro\n");
	doc = tree_facts("filesystems,mounts");
	tree_text(doc, "/filesystems/items/0/mount_point", "/");
	tree_text(doc, "/filesystems/items/0/network", "false");
	tree_text(doc, "/filesystems/items/1/device", "srv:/export");
	tree_text(doc, "/filesystems/items/1/network", "true");
	tree_text(doc, "/filesystems/items/1/read_only", "true");
	tree_none(doc, "/filesystems/items/2");
	tree_none(doc, "/filesystems/items/0/size_bytes");
	tree_text(doc, "/mounts/items/4/type", "squashfs");
	json_object_put(doc);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, tree_new, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(a_disk_tells_what_it_is_and_how_it_hangs),
		ON_TREE(a_partition_knows_its_disk_and_file_system),
		ON_TREE(devices_that_stand_only_in_the_class_are_found),
		ON_TREE(a_logical_volume_is_split_at_the_single_dash),
		ON_TREE(an_array_takes_its_uuid_from_sysfs),
		ON_TREE(an_array_without_mdstat_is_told_by_sysfs),
		ON_TREE(a_file_system_is_told_once_and_by_its_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
