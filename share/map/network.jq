# SPDX-License-Identifier: Apache-2.0
{items: [], relations: []}
